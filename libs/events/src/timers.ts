import { type Clock, systemClock } from '@courtside/kernel'

/** Time as an argument, also the time that is waited for. */
export interface Timers extends Clock {
  /** Calls `run` after so many milliseconds, unless what it returns is called before. */
  after(milliseconds: number, run: () => void): () => void
}

export const systemTimers: Timers = {
  ...systemClock,
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}
