/** Time as an argument, so that tests move it instead of waiting for it. */
export interface HubTimers {
  /** Milliseconds of a clock that is never set. */
  now(): number
  /** Calls `run` after so many milliseconds, unless what it returns is called before. */
  after(milliseconds: number, run: () => void): () => void
  /** Calls `run` once whatever waits for input and output has had its turn. */
  soon(run: () => void): void
}

export const systemHubTimers: HubTimers = {
  now: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
  soon: (run) => void setImmediate(run),
}
