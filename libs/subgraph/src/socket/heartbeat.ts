import type { WebSocket } from 'ws'

const EVERY_MS = 4_000

/** Cuts a connection whose other end has said nothing for two beats, not even in answer to a ping. */
export class Heartbeat {
  readonly #socket: WebSocket
  readonly #timer: NodeJS.Timeout
  #wasHeard = true

  /** `everyMs`: default 4 s, so that a silent peer is noticed within 8 s. */
  constructor(socket: WebSocket, everyMs = EVERY_MS) {
    this.#socket = socket
    for (const sign of ['message', 'ping', 'pong']) socket.on(sign, () => (this.#wasHeard = true))
    this.#timer = setInterval(() => this.#beat(), everyMs)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #beat(): void {
    if (this.#wasHeard) return this.#ask()
    // When this process was busy the answer may have come and not been read: timers run before the network.
    setImmediate(() => (this.#wasHeard ? this.#ask() : this.#socket.terminate()))
  }

  #ask(): void {
    this.#wasHeard = false
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping()
  }
}
