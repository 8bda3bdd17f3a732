import { WebSocket } from 'ws'
import type { Connection } from './connection.ts'

/**
 * A WebSocket that knows its connection, so that all of them share the same listeners: closures for each would cost
 * more than the rest of a quiet connection.
 */
export class GatewaySocket extends WebSocket {
  #connection: Connection | null = null

  serve(connection: Connection): void {
    this.#connection = connection
    this.on('message', GatewaySocket.#onMessage)
    this.on('ping', GatewaySocket.#onSign)
    this.on('pong', GatewaySocket.#onSign)
    this.on('close', GatewaySocket.#onClose)
    this.on('error', GatewaySocket.#onError)
  }

  static #onMessage(this: WebSocket, data: unknown, isBinary: boolean): void {
    // `ws` gives one buffer for a text message, and for others unless told otherwise.
    if (this instanceof GatewaySocket && Buffer.isBuffer(data)) this.#connection?.message(data, isBinary)
  }

  static #onSign(this: WebSocket): void {
    if (this instanceof GatewaySocket) this.#connection?.heard()
  }

  static #onClose(this: WebSocket, code: number): void {
    if (!(this instanceof GatewaySocket)) return
    this.#connection?.gone(code)
    this.#connection = null
  }

  /** What breaks the framing. `ws` has closed it with the code for that, and tells of the end by `close`. */
  static #onError(this: WebSocket): void {}
}
