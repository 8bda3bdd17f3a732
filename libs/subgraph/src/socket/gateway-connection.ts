import { isDomainError } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import { CloseCode, type Message, MessageType, parseMessage, type SubscribeMessage } from 'graphql-ws'
import type { RawData, WebSocket } from 'ws'
import type { SubgraphRequest } from '../subgraph-request.ts'
import {
  type SubgraphEvent,
  type SubgraphEvents,
  type SubgraphSubscription,
  SubscriptionBrokenError,
} from '../subscriptions/index.ts'
import { Heartbeat } from './heartbeat.ts'

const INIT_MS = 3_000
/** After this long a connection that does not close its end is cut. */
const CLOSING_MS = 1_000
const DRAINING = 1012
/** A gateway takes no larger message, and would drop the whole connection for it. */
const EVENT_LIMIT = 10 * 1024 * 1024

const FAULT = [
  { message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
] as const

/** Null until it has begun. */
interface Operation {
  events: SubgraphEvents | null
}

/**
 * One gateway. The protocol is spoken by hand, because graphql-ws's server executes documents where this has events
 * already. Each subscription asks its source for the next event once the one before has been written to the network: a
 * gateway that does not read stops what it listens to, and fills no memory.
 */
export class GatewayConnection {
  readonly #socket: WebSocket
  readonly #subscribe: (request: SubgraphRequest) => Promise<SubgraphSubscription>
  readonly #log: Logger
  readonly #operations = new Map<string, Operation>()
  readonly #heartbeat: Heartbeat
  readonly #initTimer: NodeJS.Timeout
  #isAcknowledged = false

  constructor(
    socket: WebSocket,
    subscribe: (request: SubgraphRequest) => Promise<SubgraphSubscription>,
    log: Logger,
  ) {
    this.#socket = socket
    this.#subscribe = subscribe
    this.#log = log
    this.#heartbeat = new Heartbeat(socket)
    this.#initTimer = setTimeout(
      () => this.#close(CloseCode.ConnectionInitialisationTimeout, 'Send connection_init first.'),
      INIT_MS,
    )
    socket.on('message', (data, isBinary) => this.#read(data, isBinary))
    // What is wrong with a frame is told to the other end by its close code.
    socket.on('error', (error) => log.warn({ err: error }, 'A connection of a gateway failed'))
    socket.once('close', () => this.#closed())
  }

  drain(): void {
    this.#close(DRAINING, 'Connect again: this process is stopping.')
  }

  #read(data: RawData, isBinary: boolean): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    let message: Message
    try {
      if (isBinary) throw new Error('Messages are text')
      message = parseMessage((data as Buffer).toString())
    } catch {
      return this.#close(CloseCode.BadRequest, 'This is no message of the protocol.')
    }
    switch (message.type) {
      case MessageType.ConnectionInit:
        if (this.#isAcknowledged) {
          return this.#close(CloseCode.TooManyInitialisationRequests, 'Send connection_init once.')
        }
        this.#isAcknowledged = true
        clearTimeout(this.#initTimer)
        return void this.#send({ type: MessageType.ConnectionAck })
      case MessageType.Ping:
        return void this.#send({ type: MessageType.Pong })
      case MessageType.Pong:
        return
      case MessageType.Subscribe:
        return this.#begin(message)
      case MessageType.Complete:
        return this.#leave(message.id)
      default:
        return this.#close(CloseCode.BadRequest, 'Only a server sends such a message.')
    }
  }

  #begin(message: SubscribeMessage): void {
    const { id } = message
    if (!this.#isAcknowledged) {
      return this.#close(CloseCode.Unauthorized, 'Wait for connection_ack first.')
    }
    if (this.#operations.has(id)) {
      return this.#close(CloseCode.SubscriberAlreadyExists, 'An operation with this id is open.')
    }
    const operation: Operation = { events: null }
    this.#operations.set(id, operation)
    this.#run(id, operation, toRequest(message)).catch((error: unknown) => {
      // It is one of many on this connection, which must not suffer for it.
      this.#log.error({ err: error }, 'A subscription failed at the socket')
      void operation.events?.return()
      this.#end(id, operation, FAULT)
    })
  }

  async #run(id: string, operation: Operation, request: SubgraphRequest): Promise<void> {
    const subscription = await this.#open(request)
    if (this.#operations.get(id) !== operation) return void subscription.events?.return()
    if (!subscription.events) return this.#end(id, operation, subscription.errors)
    operation.events = subscription.events
    try {
      for (;;) {
        const { done, value } = await subscription.events.next()
        if (this.#operations.get(id) !== operation) return
        if (done) return this.#end(id, operation, null)
        await this.#send({ id, type: MessageType.Next, payload: toPayload(value) })
      }
    } catch (error) {
      if (!(error instanceof SubscriptionBrokenError)) throw error
      this.#end(id, operation, error.errors)
    }
  }

  async #open(request: SubgraphRequest): Promise<SubgraphSubscription> {
    try {
      return await this.#subscribe(request)
    } catch (error) {
      if (!isDomainError(error)) throw error
      // The assertion, and not what the principal may do: the next opening comes with another assertion.
      return { errors: [{ message: error.message, extensions: { code: error.code, retryable: true } }] }
    }
  }

  #end(id: string, operation: Operation, errors: SubgraphSubscription['errors'] | null): void {
    if (this.#operations.get(id) !== operation) return
    this.#operations.delete(id)
    void this.#send(
      errors ? { id, type: MessageType.Error, payload: errors } : { id, type: MessageType.Complete },
    )
  }

  #leave(id: string): void {
    const operation = this.#operations.get(id)
    this.#operations.delete(id)
    void operation?.events?.return()
  }

  /** Resolves when it has left this process, or never will. */
  #send(message: object): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.readyState !== this.#socket.OPEN) return resolve()
      const text = Buffer.from(JSON.stringify(message))
      if (text.length > EVENT_LIMIT) throw new Error(`An event has ${text.length} bytes: let it hold less`)
      this.#socket.send(text, { binary: false }, () => resolve())
    })
  }

  #close(code: number, reason: string): void {
    const socket = this.#socket
    if (socket.readyState !== socket.OPEN) return
    socket.close(code, reason)
    const cut = setTimeout(() => socket.terminate(), CLOSING_MS)
    socket.once('close', () => clearTimeout(cut))
    this.#leaveAll()
  }

  #closed(): void {
    clearTimeout(this.#initTimer)
    this.#heartbeat.stop()
    this.#leaveAll()
  }

  #leaveAll(): void {
    for (const id of [...this.#operations.keys()]) this.#leave(id)
  }
}

function toRequest({ payload }: SubscribeMessage): SubgraphRequest {
  const { query, operationName, variables, extensions } = payload
  return {
    query,
    operationName: operationName ?? undefined,
    variables: variables ?? undefined,
    headers: toHeaders(extensions?.['headers']),
  }
}

function toHeaders(given: unknown): Record<string, string> {
  const headers: Record<string, string> = {}
  if (typeof given !== 'object' || given === null) return headers
  for (const [name, value] of Object.entries(given)) if (typeof value === 'string') headers[name] = value
  return headers
}

function toPayload({ mark, ...answer }: SubgraphEvent): object {
  return mark === null ? answer : { ...answer, extensions: { mark } }
}
