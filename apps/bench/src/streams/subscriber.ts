import { connect, type Socket } from 'node:net'
import { sharedNow } from '../machine/index.ts'
import type { Delivery, Watcher } from './delivery.ts'
import { FrameReader, toClientFrame, toPongFrame } from './frame-reader.ts'

/** What a subscription asks for. */
export interface Wish {
  readonly gameId: string
  /** The place after which it goes on; null begins with a snapshot. */
  readonly after: { readonly cursor: string; readonly seq: number } | null
}

export interface Terms {
  readonly port: number
  readonly document: string
  readonly delivery: Delivery
  /** Something came, or the connection ended. */
  moved(): void
}

interface Subscription extends Watcher {
  readonly wish: Wish
}

const OK = 'HTTP/1.1 101'
const HEAD_END = '\r\n\r\n'
/** A server would close whoever stays silent: what it asks is answered with what it waits for. */
const PONG = toClientFrame('{"type":"pong"}')
const PING = Buffer.from('"type":"ping"')
const LONGEST_CONTROL_MESSAGE = 100

/** One connection of graphql-transport-ws, as a browser would have it, without what a browser needs it for. */
export class Subscriber {
  readonly watchers: readonly Subscription[]
  /** Why it is no longer open; null while it is. */
  fault: string | null = null
  readonly #terms: Terms
  readonly #socket: Socket
  readonly #frames: FrameReader
  #head = ''
  #isUpgraded = false
  #moment = 0
  #isLeaving = false

  constructor(terms: Terms, localAddress: string, wishes: readonly (Wish & { id: string })[]) {
    this.#terms = terms
    this.watchers = wishes.map(({ id, gameId, after }) => ({
      wish: { gameId, after },
      gameId,
      id: Buffer.from(id),
      at: after?.seq ?? null,
    }))
    this.#frames = new FrameReader({
      text: (payload) => this.#receive(payload),
      ping: (payload) => void this.#socket.write(toPongFrame(payload)),
      closed: (code, reason) => this.#end(`closed with ${code} ${reason}`),
    })
    this.#socket = connect({ port: terms.port, host: '127.0.0.1', localAddress, noDelay: true })
      .on('connect', () => this.#socket.write(upgradeRequest(terms.port)))
      .on('data', (chunk) => this.#read(chunk))
      .on('error', (error) => this.#end(error.message))
      .on('close', () => this.#end('the connection was cut'))
  }

  /** Whether each of its subscriptions has had something. */
  get isTold(): boolean {
    return this.watchers.every(({ at }) => at !== null)
  }

  leave(): void {
    this.#isLeaving = true
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#moment = sharedNow()
    if (this.#isUpgraded) this.#frames.read(chunk)
    else this.#readHead(chunk)
    this.#terms.moved()
  }

  #readHead(chunk: Buffer): void {
    this.#head += chunk.toString('latin1')
    const end = this.#head.indexOf(HEAD_END)
    if (end < 0) return
    if (!this.#head.startsWith(OK)) return this.#end(this.#head.slice(0, 300))
    this.#isUpgraded = true
    this.#socket.write(toClientFrame('{"type":"connection_init"}'))
    const rest = Buffer.from(this.#head.slice(end + HEAD_END.length), 'latin1')
    if (rest.length > 0) this.#frames.read(rest)
  }

  #receive(payload: Buffer): void {
    // Most are of the first kind, so it is tried first.
    if (payload.length > LONGEST_CONTROL_MESSAGE) return this.#deliver(payload)
    if (payload.includes('"connection_ack"')) {
      for (const { id, wish } of this.watchers) this.#socket.write(this.#subscribeFrame(String(id), wish))
    } else if (payload.includes(PING)) this.#socket.write(PONG)
    else if (!payload.includes('"pong"')) this.#deliver(payload)
  }

  #deliver(payload: Buffer): void {
    const [only] = this.watchers
    const watcher =
      this.watchers.length === 1
        ? only
        : this.watchers.find(({ id }) => payload.subarray(0, 200).includes(id))
    const before = this.#terms.delivery.figures.wrong
    if (watcher) this.#terms.delivery.receive(watcher, payload, this.#moment)
    if (!watcher || this.#terms.delivery.figures.wrong > before) {
      this.fault ??= payload.toString('utf8', 0, 400)
    }
  }

  #subscribeFrame(id: string, { gameId, after }: Wish): Buffer {
    const variables = { gameId, after: after?.cursor ?? null }
    const payload = { query: this.#terms.document, operationName: 'Follow', variables }
    return toClientFrame(JSON.stringify({ id, type: 'subscribe', payload }))
  }

  #end(fault: string): void {
    if (this.#isLeaving) return
    this.fault ??= fault
    this.#terms.moved()
  }
}

const upgradeRequest = (port: number) =>
  [
    'GET /graphql HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: graphql-transport-ws',
    HEAD_END,
  ]
    .join('\r\n')
    .replace(/\r\n\r\n\r\n$/, HEAD_END)
