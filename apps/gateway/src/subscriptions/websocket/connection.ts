import type { Duplex } from 'node:stream'
import { isDomainError } from '@courtside/kernel'
import { createLazyLogger, type Logger } from '@courtside/logger'
import { WebSocket } from 'ws'
import type { CredentialHeaders } from '../../authentication/index.ts'
import { toParams } from '../../edge/index.ts'
import { refusalOf, refuse } from '../../errors/index.ts'
import type { CredentialHolder, CredentialWatch, Listed } from '../connections/index.ts'
import type { LiveOperations, LiveOutlet } from '../live-operation/index.ts'
import { BadMessage, type ClientMessage, readMessage } from './client-messages.ts'
import {
  badMessage,
  type CloseReason,
  duplicateId,
  forbidden,
  initTimeout,
  notInitialised,
  secondInit,
  slowConsumer,
  tooManyMessages,
  tryLater,
} from './close-reasons.ts'
import type { ConnectionCounts } from './connection-counts.ts'
import { ACK, PONG, textFrame } from './frames.ts'
import { Heartbeat } from './heartbeat.ts'
import { sentCredential } from './sent-credential.ts'
import { type OperationSocket, SocketOperation } from './socket-operation.ts'
import type { WebSocketLimits } from './websocket-limits.ts'
import type { WebSocketMetrics } from './websocket-metrics.ts'

/** What all connections share. */
export interface ConnectionContext {
  readonly liveOperations: LiveOperations
  readonly credentialWatch: CredentialWatch
  readonly limits: WebSocketLimits
  readonly counts: ConnectionCounts
  readonly metrics: WebSocketMetrics
  readonly log: Logger
  now(): number
  gone(connection: Connection): void
}

/** What is kept of the request that became the connection. */
export interface Upgraded {
  readonly requestId: string
  readonly clientAddress: string
  readonly clientAgent: string | null
  readonly credential: CredentialHeaders | null
  /** Under which its address is counted. */
  readonly countedAddress: string
}

const NO_CREDENTIAL: CredentialHeaders = { authorization: undefined, 'x-api-key': undefined }

/**
 * One client's side of graphql-transport-ws. There are tens of thousands, nearly all of them quiet: no timers, no
 * closures and no tables of their own.
 */
export class Connection implements OperationSocket, Listed {
  position = -1
  readonly #context: ConnectionContext
  readonly #webSocket: WebSocket
  readonly #socket: Duplex
  readonly #requestId: string
  readonly #clientAddress: string
  readonly #clientAgent: string | null
  #credential: CredentialHeaders | null
  #phase: 'opened' | 'initialising' | 'acknowledged' | 'closed' = 'opened'
  #holder: CredentialHolder | null = null
  readonly #countedAddress: string
  /** Under which its person or key is counted. */
  #counted: string | null = null
  /** A few: looked through one by one. */
  readonly #operations: SocketOperation[] = []
  #subscribed = 0
  readonly #openedAt: number
  /** -1 while it takes what it is sent. */
  #fullSince = -1
  #allowance: number
  #allowanceAt: number
  readonly #heartbeat: Heartbeat

  constructor(context: ConnectionContext, webSocket: WebSocket, socket: Duplex, upgraded: Upgraded) {
    const now = context.now()
    this.#context = context
    this.#webSocket = webSocket
    this.#socket = socket
    this.#requestId = upgraded.requestId
    this.#clientAddress = upgraded.clientAddress
    this.#clientAgent = upgraded.clientAgent
    this.#credential = upgraded.credential
    this.#countedAddress = upgraded.countedAddress
    this.#openedAt = now
    this.#allowance = context.limits.messages.burst
    this.#allowanceAt = now
    this.#heartbeat = new Heartbeat(now, context.limits)
  }

  get operations(): number {
    return this.#operations.length
  }

  get isFull(): boolean {
    return this.#fullSince !== -1
  }

  get holdsBytes(): boolean {
    return this.#socket.writableLength !== 0
  }

  message(data: Buffer, isBinary: boolean): void {
    if (!this.heard()) return
    if (isBinary) return this.close(badMessage('A message must be text, not binary'))
    try {
      this.#handle(readMessage(data.toString()))
    } catch (error) {
      this.close(error instanceof BadMessage ? error.close : this.#masked(error))
    }
  }

  /** Whatever a client sends. False: it is not looked at. */
  heard(): boolean {
    if (this.#phase === 'closed') return false
    this.#heartbeat.heard()
    const now = this.#context.now()
    const { burst, perSecond } = this.#context.limits.messages
    const earned = ((now - this.#allowanceAt) / 1000) * perSecond
    this.#allowance = Math.min(burst, this.#allowance + earned) - 1
    this.#allowanceAt = now
    if (this.#allowance >= 0) return true
    this.close(tooManyMessages)
    return false
  }

  /**
   * Writes whole frames past the sender of `ws`. That is safe because that one has nothing waiting: without compression
   * and blobs it writes each frame at once and whole, as this does, so frames never mix. It must not be while a close
   * frame has been sent, after which nothing may follow.
   */
  write(frame: Buffer): void {
    const socket = this.#socket
    if (this.#phase === 'closed' || this.#webSocket.readyState !== WebSocket.OPEN) return
    if (socket.writableLength > this.#context.limits.heldBytes) return this.#tooSlow()
    socket.write(frame)
    if (socket.writableLength > this.#context.limits.fullBytes && !this.isFull) this.#becomeFull()
  }

  delivered(messages: number): void {
    this.#context.metrics.delivered(messages)
  }

  over(operation: SocketOperation): void {
    const index = this.#operations.indexOf(operation)
    if (index === -1) return
    const last = this.#operations.pop()
    if (last && last !== operation) this.#operations[index] = last
  }

  /** Called about once a second. */
  sweep(now: number): void {
    if (this.#phase === 'closed') return
    const { initMs, fullMs } = this.#context.limits
    if (this.#phase === 'opened' && now - this.#openedAt >= initMs) return this.close(initTimeout)
    if (this.isFull && now - this.#fullSince >= fullMs) return this.close(slowConsumer)
    const next = this.#heartbeat.next(now)
    if (next === 'ping') this.#webSocket.ping()
    else if (next === 'dead') this.terminate()
  }

  close({ code, reason }: CloseReason): void {
    if (this.#phase === 'closed') return
    this.#leave()
    // Paused, the answer to the close frame would never be read.
    this.#webSocket.resume()
    this.#webSocket.close(code, reason)
    this.#context.log.debug(
      { 'request.id': this.#requestId, code, reason },
      'A WebSocket connection is closed',
    )
  }

  /** Without a word: nobody is there to hear it, or there is no time left. */
  terminate(): void {
    this.#leave()
    this.#webSocket.terminate()
  }

  /** The socket is gone. */
  gone(code: number): void {
    this.#leave()
    this.#context.counts.leave(this.#counted)
    this.#context.counts.leave(this.#countedAddress)
    this.#context.metrics.closed(code)
    this.#context.gone(this)
  }

  #handle(message: ClientMessage): void {
    switch (message.type) {
      case 'connection_init':
        if (this.#phase !== 'opened') return this.close(secondInit)
        this.#phase = 'initialising'
        void this.#initialise(sentCredential(message.payload) ?? this.#credential ?? NO_CREDENTIAL)
        return
      case 'ping':
        this.write(PONG)
        return this.#renew(sentCredential(message.payload))
      case 'pong':
        return this.#renew(sentCredential(message.payload))
      case 'subscribe':
        return this.#subscribe(message.id, message.payload)
      case 'complete': {
        const operation = this.#find(message.id)
        if (!operation) return
        this.over(operation)
        return operation.stop()
      }
    }
  }

  async #initialise(headers: CredentialHeaders): Promise<void> {
    const { credentialWatch, counts } = this.#context
    this.#credential = null
    let holder: CredentialHolder
    try {
      holder = await credentialWatch.hold({
        headers,
        clientAddress: this.#clientAddress,
        requestId: this.#requestId,
      })
    } catch (error) {
      return this.close(isDomainError(error) ? closeReasonOf(error) : this.#masked(error))
    }
    if (this.#hasClosed()) return holder.release()
    this.#holder = holder
    const { allowed, name } = counts.enterPrincipal(holder.authenticated.principal)
    if (!allowed) return this.close(tryLater('Too many connections are open with this credential'))
    this.#counted = name
    this.#phase = 'acknowledged'
    holder.onEnd((reason) => this.close(closeReasonOf(reason)))
    holder.onExpiring((graceSeconds) =>
      this.#send({ type: 'ping', payload: { reauthenticate: { graceSeconds } } }),
    )
    this.write(ACK)
  }

  #renew(headers: CredentialHeaders | null): void {
    const holder = this.#holder
    if (!holder || !headers) return
    const tell = (payload: object) => this.#send({ type: 'pong', payload })
    holder.renew(headers).then(
      () => tell({ reauthenticated: true }),
      (error: unknown) => {
        const [refusal] = refusalOf(error, this.#context.log).errors
        tell({ reauthenticated: false, error: refusal })
      },
    )
  }

  #subscribe(id: string, payload: Readonly<Record<string, unknown>>): void {
    const holder = this.#holder
    if (this.#phase !== 'acknowledged' || !holder) return this.close(notInitialised)
    if (this.#find(id)) return this.close(duplicateId(id))
    const { limits, log: parent } = this.#context
    const operation = new SocketOperation(id, this)
    this.#operations.push(operation)
    if (this.#operations.length > limits.operations) {
      const { errors } = refuse(
        400,
        'TOO_MANY_OPERATIONS',
        `A connection carries at most ${limits.operations} operations at a time. Complete some, or open another one.`,
      )
      return operation.failed(errors)
    }
    this.#subscribed += 1
    const requestId = `${this.#requestId}.${this.#subscribed}`
    const log = createLazyLogger(parent, { 'request.id': requestId })
    void operation.run((outlet) => this.#begin(holder, payload, outlet, requestId, log), log)
  }

  #begin(
    holder: CredentialHolder,
    payload: Readonly<Record<string, unknown>>,
    outlet: LiveOutlet,
    requestId: string,
    log: Logger,
  ) {
    return this.#context.liveOperations.begin(
      {
        params: toParams(payload),
        holder,
        requestId,
        clientAddress: this.#clientAddress,
        clientAgent: this.#clientAgent,
        log,
      },
      outlet,
    )
  }

  #find(id: string): SocketOperation | undefined {
    return this.#operations.find((operation) => operation.id === id)
  }

  #send(message: object): void {
    this.write(textFrame(JSON.stringify(message)))
  }

  /** Who does not read may not ask for more either. */
  #becomeFull(): void {
    this.#fullSince = this.#context.now()
    this.#webSocket.pause()
    this.#socket.once('drain', () => {
      this.#fullSince = -1
      this.#webSocket.resume()
      for (const operation of [...this.#operations]) operation.drained()
    })
  }

  /** Later: whoever writes is in the middle of something, and may not expect that its operation is stopped. */
  #tooSlow(): void {
    setImmediate(() => this.close(slowConsumer))
  }

  #masked(error: unknown): CloseReason {
    this.#context.log.error({ err: error, 'request.id': this.#requestId }, 'A WebSocket connection failed')
    return tryLater('Something went wrong on our side')
  }

  #hasClosed(): boolean {
    return this.#phase === 'closed'
  }

  #leave(): void {
    this.#phase = 'closed'
    this.#credential = null
    this.#fullSince = -1
    for (const operation of this.#operations.splice(0)) operation.stop()
    this.#holder?.release()
    this.#holder = null
  }
}

function closeReasonOf(error: { readonly kind: string; readonly message: string }): CloseReason {
  return error.kind === 'limited' || error.kind === 'unavailable'
    ? tryLater(error.message)
    : forbidden(error.message)
}
