import { performance } from 'node:perf_hooks'

/** The event loop as an argument, so that tests turn it by hand. */
export interface Loop {
  /** Milliseconds of a clock that is never set. */
  now(): number
  /** How many times the loop has turned: everything at the same number keeps the process from reading. */
  turns(): number
  /** Calls `run` once whatever waits for input and output has had its turn. */
  soon(run: () => void): void
}

export const systemLoop: Loop = {
  now: () => performance.now(),
  turns: () => performance.nodeTiming.uvMetricsInfo.loopCount,
  soon: (run) => void setImmediate(run),
}

/** A gateway in the same process has a slice of its own for sending. Together they stay below ten or so. */
const SLICE_MS = 2

/**
 * Lets pieces of work that all became ready at once take turns. Of one fact hundreds of subscriptions are told, each
 * with another selection, and to answer them all in one go would keep the process from everything else.
 *
 * A piece that is alone begins at once. Of several, one begins at a time, behind what the ones before it have caused:
 * so that what they cost is known when the time of the slice is looked at. When it is over, the loop goes round first.
 */
export class WorkTurns {
  readonly #loop: Loop
  readonly #sliceMs: number
  #waiting: (() => void)[] = []
  /** How many of those that wait have begun. */
  #begun = 0
  #isExpected = false
  #turn = -1
  #until = 0

  constructor(loop: Loop = systemLoop, sliceMs = SLICE_MS) {
    this.#loop = loop
    this.#sliceMs = sliceMs
  }

  /** Null: begin now. Else resolves when it may begin; who asked first is first. */
  enter(): Promise<void> | null {
    if (this.#isExpected) return new Promise((resolve) => this.#waiting.push(resolve))
    this.#isExpected = true
    if (this.#hasTime()) {
      queueMicrotask(this.#next)
      return null
    }
    this.#loop.soon(this.#next)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Whether the slice is not over, or was one of an earlier turn: then another one begins. */
  #hasTime(): boolean {
    const now = this.#loop.now()
    if (now < this.#until) return true
    const turn = this.#loop.turns()
    if (turn === this.#turn) return false
    this.#turn = turn
    this.#until = now + this.#sliceMs
    return true
  }

  readonly #next = (): void => {
    const begin = this.#waiting[this.#begun]
    if (begin === undefined) return this.#rest()
    if (!this.#hasTime()) return this.#loop.soon(this.#next)
    this.#begun += 1
    begin()
    queueMicrotask(this.#next)
  }

  #rest(): void {
    this.#isExpected = false
    if (this.#begun === 0) return
    this.#waiting = []
    this.#begun = 0
  }
}
