/** Time as an argument, so that tests move it instead of waiting for it. */
export interface Clock {
  /** The current time. */
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }
