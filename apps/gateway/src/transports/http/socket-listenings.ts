import type { EventReceiver, Listening } from '../event-receiver.ts'
import { TransportFailure, type TransportRequest } from '../subgraph-transport.ts'
import { tellErrors } from '../tell-errors.ts'
import { reconnectDelayMs } from './reconnect-delay.ts'
import { completeMessage, type SocketMessage, subscribeMessage } from './socket-messages.ts'
import { SubgraphConnection } from './subgraph-connection.ts'

export interface SocketListeningsOptions {
  url: string
  connectTimeoutMs: number
  messageBytes: number
  /** Default: 4 s. A peer that says nothing for two of them is given up. */
  heartbeatMs?: number | undefined
  /** How long an unused connection is kept. Default: 10 s. */
  idleMs?: number | undefined
  /** Default: `Math.random`. */
  random?(): number
}

/** A connection that lived this long was no failure to connect. */
const LIVED_MS = 5_000
const IDLE_MS = 10_000
const HEARTBEAT_MS = 4_000

interface Open {
  readonly id: string
  readonly request: TransportRequest
  readonly receiver: EventReceiver
}

/**
 * All subscriptions to one subgraph, over one connection, which is opened for the first of them. A lost one is not
 * replaced by itself: each listening fails, and the first that is opened again connects again, the others with it. After
 * failures in a row they wait a little together.
 */
export class SocketListenings {
  readonly #options: SocketListeningsOptions
  readonly #open = new Map<string, Open>()
  #connection: SubgraphConnection | null = null
  #isReady = false
  #isClosed = false
  #failures = 0
  #connectTimer: NodeJS.Timeout | null = null
  #idleTimer: NodeJS.Timeout | null = null
  #lastId = 0

  constructor(options: SocketListeningsOptions) {
    this.#options = options
  }

  subscribe(request: TransportRequest, receiver: EventReceiver): Listening {
    const id = String(++this.#lastId)
    const open: Open = { id, request, receiver }
    this.#open.set(id, open)
    if (this.#idleTimer) clearTimeout(this.#idleTimer)
    this.#idleTimer = null
    if (this.#isClosed) queueMicrotask(() => this.#fail(this.#closedFailure('unsent')))
    else if (this.#isReady) this.#connection?.send(subscribeMessage(id, request))
    else this.#connectSoon()
    return { stop: () => this.#leave(id) }
  }

  close(): void {
    this.#isClosed = true
    this.#connection?.close()
    this.#fail(this.#closedFailure('lost'))
  }

  #closedFailure(kind: 'lost' | 'unsent'): TransportFailure {
    return new TransportFailure(kind, `The transport to ${this.#options.url} was closed`)
  }

  #connectSoon(): void {
    if (this.#connection !== null || this.#connectTimer !== null) return
    const delayMs = reconnectDelayMs(this.#failures, this.#options.random)
    this.#connectTimer = setTimeout(() => this.#connect(), delayMs)
  }

  #connect(): void {
    this.#connectTimer = null
    const [first] = this.#open.values()
    if (!first) return
    const { url, connectTimeoutMs, messageBytes, heartbeatMs = HEARTBEAT_MS } = this.#options
    const startedAt = performance.now()
    const connection: SubgraphConnection = new SubgraphConnection({
      url,
      headers: first.request.headers,
      connectTimeoutMs,
      messageBytes,
      heartbeatMs,
      opened: () => {
        this.#isReady = true
        for (const { id, request } of this.#open.values()) connection.send(subscribeMessage(id, request))
        this.#restIfUnused()
      },
      message: (message) => this.#read(message),
      closed: (failure) => {
        if (this.#connection !== connection) return
        const lived = this.#isReady && performance.now() - startedAt >= LIVED_MS
        this.#failures = lived ? 0 : this.#failures + 1
        this.#fail(failure)
      },
    })
    this.#connection = connection
  }

  #read(message: SocketMessage): void {
    if (!('id' in message)) return
    const open = this.#open.get(message.id)
    // It may have been stopped while the event was on its way.
    if (!open) return
    const { receiver } = open
    switch (message.type) {
      case 'next': {
        if (message.event !== null) return receiver.event(message.event)
        this.#leave(message.id)
        const reason = `${this.#options.url} sent an event that is no GraphQL response`
        return receiver.failed(new TransportFailure('useless', reason))
      }
      case 'complete':
        this.#forget(message.id)
        return receiver.completed()
      case 'error':
        this.#forget(message.id)
        return tellErrors(receiver, message.errors)
    }
  }

  #leave(id: string): void {
    if (!this.#open.has(id)) return
    if (this.#isReady) this.#connection?.send(completeMessage(id))
    this.#forget(id)
  }

  #forget(id: string): void {
    this.#open.delete(id)
    this.#restIfUnused()
  }

  #restIfUnused(): void {
    if (!this.#isReady || this.#open.size > 0 || this.#idleTimer !== null) return
    this.#idleTimer = setTimeout(() => {
      const connection = this.#connection
      this.#reset()
      connection?.close()
    }, this.#options.idleMs ?? IDLE_MS)
  }

  /** Tells all, with the same failure, so that it is seen to be one. */
  #fail(failure: TransportFailure): void {
    this.#reset()
    const all = [...this.#open.values()]
    this.#open.clear()
    for (const { receiver } of all) receiver.failed(failure)
  }

  #reset(): void {
    this.#connection = null
    this.#isReady = false
    if (this.#connectTimer) clearTimeout(this.#connectTimer)
    if (this.#idleTimer) clearTimeout(this.#idleTimer)
    this.#connectTimer = null
    this.#idleTimer = null
  }
}
