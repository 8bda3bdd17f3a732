import type { WebSocketLimits } from './websocket-limits.ts'

/** Finds out whether anybody is at the other end: a machine that lost its network says no goodbye. */
export class Heartbeat {
  readonly #limits: WebSocketLimits
  #nextAt: number
  #unanswered = 0

  constructor(now: number, limits: WebSocketLimits) {
    this.#limits = limits
    this.#nextAt = now + limits.pingMs
  }

  /** Anything that arrives is a sign of life. */
  heard(): void {
    this.#unanswered = 0
  }

  next(now: number): 'wait' | 'ping' | 'dead' {
    if (now < this.#nextAt) return 'wait'
    if (this.#unanswered >= 2) return 'dead'
    this.#unanswered += 1
    this.#nextAt = now + (this.#unanswered === 2 ? this.#limits.lastChanceMs : this.#limits.pingMs)
    return 'ping'
  }
}
