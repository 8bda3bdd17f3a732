const SLICES = 10

/** How many attempts succeeded and failed lately, in slices of the window, so that old ones fade out by themselves. */
export class OutcomeWindow {
  readonly #sliceMs: number
  readonly #succeeded = new Uint32Array(SLICES)
  readonly #failed = new Uint32Array(SLICES)
  #slice = 0
  #sliceEndsAt = 0

  constructor(windowMs: number) {
    this.#sliceMs = windowMs / SLICES
  }

  count(outcome: 'succeeded' | 'failed', now: number): void {
    if (now >= this.#sliceEndsAt) this.#turnTo(now)
    const counts = outcome === 'failed' ? this.#failed : this.#succeeded
    counts[this.#slice] = (counts[this.#slice] ?? 0) + 1
  }

  totals(now: number): { attempts: number; failures: number } {
    if (now >= this.#sliceEndsAt) this.#turnTo(now)
    const failures = sum(this.#failed)
    return { attempts: failures + sum(this.#succeeded), failures }
  }

  clear(): void {
    this.#succeeded.fill(0)
    this.#failed.fill(0)
  }

  #turnTo(now: number): void {
    const passed = Math.floor((now - this.#sliceEndsAt) / this.#sliceMs) + 1
    for (let turn = 0; turn < Math.min(passed, SLICES); turn++) {
      this.#slice = (this.#slice + 1) % SLICES
      this.#succeeded[this.#slice] = 0
      this.#failed[this.#slice] = 0
    }
    this.#sliceEndsAt += passed * this.#sliceMs
  }
}

const sum = (counts: Uint32Array) => counts.reduce((total, count) => total + count, 0)
