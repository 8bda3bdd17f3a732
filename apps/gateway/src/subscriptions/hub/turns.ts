import type { HubTimers } from './hub-timers.ts'

/** Something that has work from time to time. */
export interface Turn {
  isWaiting: boolean
  /** Works until it is done, or `until` has passed; then it says false, and gets another turn. */
  run(until: number): boolean
}

/**
 * Lets everything that has events to send work in turn, and everybody else between: a flush of thousands of clients, or
 * of thousands of topics, must not keep the process from reading.
 */
export class Turns {
  readonly #timers: HubTimers
  readonly #sliceMs: number
  #waiting: Turn[] = []
  #isExpected = false
  #isStopped = false

  constructor(timers: HubTimers, sliceMs: number) {
    this.#timers = timers
    this.#sliceMs = sliceMs
  }

  ask(turn: Turn): void {
    if (turn.isWaiting || this.#isStopped) return
    turn.isWaiting = true
    this.#waiting.push(turn)
    this.#expect()
  }

  stop(): void {
    this.#isStopped = true
    this.#waiting = []
  }

  #expect(): void {
    if (this.#isExpected) return
    this.#isExpected = true
    this.#timers.soon(this.#slice)
  }

  readonly #slice = (): void => {
    this.#isExpected = false
    const until = this.#timers.now() + this.#sliceMs
    const turns = this.#waiting
    // Who asks from now on waits for the next slice.
    this.#waiting = []
    let taken = 0
    for (const turn of turns) {
      if (this.#isStopped || (taken > 0 && this.#timers.now() >= until)) break
      taken += 1
      turn.isWaiting = false
      if (!turn.run(until)) this.ask(turn)
    }
    if (this.#isStopped || taken === turns.length) return
    this.#waiting = [...turns.slice(taken), ...this.#waiting]
    this.#expect()
  }
}
