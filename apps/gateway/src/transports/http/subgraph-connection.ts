import type { ClientRequest, IncomingMessage } from 'node:http'
import { Heartbeat } from '@courtside/subgraph'
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws'
import { type RawData, WebSocket } from 'ws'
import { TransportFailure } from '../subgraph-transport.ts'
import { readMessage, type SocketMessage } from './socket-messages.ts'

export interface ConnectionTerms {
  readonly url: string
  /** Sent with the handshake: a subgraph opens its socket to nobody without an assertion. */
  readonly headers: Readonly<Record<string, string>>
  readonly connectTimeoutMs: number
  readonly messageBytes: number
  readonly heartbeatMs: number
  opened(): void
  message(message: SocketMessage): void
  /** Called once, also for a connection that never opened. */
  closed(failure: TransportFailure): void
}

/** One graphql-transport-ws connection, from the handshake to its end. */
export class SubgraphConnection {
  readonly #terms: ConnectionTerms
  readonly #socket: WebSocket
  readonly #openTimer: NodeJS.Timeout
  #heartbeat: Heartbeat | null = null
  #isOpen = false
  #isClosed = false
  /** Why it is about to close, where more is known than the closing tells. */
  #reason: TransportFailure | null = null

  constructor(terms: ConnectionTerms) {
    this.#terms = terms
    this.#socket = new WebSocket(terms.url, GRAPHQL_TRANSPORT_WS_PROTOCOL, {
      headers: { ...terms.headers },
      perMessageDeflate: false,
      maxPayload: terms.messageBytes,
    })
    this.#openTimer = setTimeout(
      () => this.#cut(new TransportFailure('unsent', `${terms.url} did not open a socket in time`)),
      terms.connectTimeoutMs,
    )
    this.#socket
      .once('open', () => this.#socket.send('{"type":"connection_init"}'))
      .on('message', (data, isBinary) => this.#read(data, isBinary))
      .on('unexpected-response', (request, response) => this.#refused(request, response))
      .on('error', (cause) => {
        // What broke a connection that was open cannot be known to have been our own request.
        this.#reason ??= new TransportFailure(
          this.#isOpen ? 'lost' : 'unsent',
          `${terms.url}: ${cause.message}`,
          { cause },
        )
      })
      .once('close', (code, reason) => this.#closed(code, String(reason)))
  }

  send(message: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(message)
  }

  close(): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return this.#socket.terminate()
    this.#socket.close(1000)
    const cut = setTimeout(() => this.#socket.terminate(), this.#terms.connectTimeoutMs)
    this.#socket.once('close', () => clearTimeout(cut))
  }

  #read(data: RawData, isBinary: boolean): void {
    const message = isBinary ? null : readMessage((data as Buffer).toString())
    if (message === null) {
      return this.#cut(new TransportFailure('useless', `${this.#terms.url} does not speak our protocol`))
    }
    if (message.type === 'ping') return this.send('{"type":"pong"}')
    if (message.type !== 'ack') return this.#terms.message(message)
    if (this.#isOpen) return
    this.#isOpen = true
    clearTimeout(this.#openTimer)
    this.#heartbeat = new Heartbeat(this.#socket, this.#terms.heartbeatMs)
    this.#terms.opened()
  }

  #refused(request: ClientRequest, { statusCode = 0 }: IncomingMessage): void {
    request.destroy()
    const kind = statusCode === 429 || (statusCode >= 502 && statusCode <= 504) ? 'busy' : 'useless'
    this.#cut(new TransportFailure(kind, `${this.#terms.url} answered ${statusCode} in place of a socket`))
  }

  #cut(reason: TransportFailure): void {
    this.#reason ??= reason
    this.#socket.terminate()
  }

  #closed(code: number, said: string): void {
    if (this.#isClosed) return
    this.#isClosed = true
    clearTimeout(this.#openTimer)
    this.#heartbeat?.stop()
    const words = said === '' ? '' : `: ${said}`
    this.#terms.closed(
      this.#reason ??
        new TransportFailure('lost', `The connection to ${this.#terms.url} closed with ${code}${words}`),
    )
  }
}
