/** Time that passes, as an argument: tests move it. */
export interface Timers {
  /** Milliseconds of a clock that is never set. */
  now(): number
  /** Returns what prevents it. */
  after(milliseconds: number, run: () => void): () => void
  every(milliseconds: number, run: () => void): () => void
}

/** Holds no process open: connections do. */
export const systemTimers: Timers = {
  now: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds).unref()
    return () => clearTimeout(timer)
  },
  every(milliseconds, run) {
    const timer = setInterval(run, milliseconds).unref()
    return () => clearInterval(timer)
  },
}
