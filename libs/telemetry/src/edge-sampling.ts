import type { Clock } from '@courtside/kernel'
import type { TraceParent } from './traceparent.ts'

export interface EdgeSamplingOptions {
  /** The part of requests that is traced though nobody asks for it, 0 to 1. */
  rate: number
  /** How many traces a second clients together may ask for. Beyond that, they are sampled like anybody. */
  forcedPerSecond: number
  clock: Clock
  /** From 0 up to 1, as `Math.random`. */
  random(): number
}

/**
 * Decides which requests of the public are traced. A client that traces itself is followed in both directions: not
 * sampled there is not sampled here. Anybody can send the header, so the number of traces that it forces is limited:
 * otherwise it would be a way to make every request cost more.
 */
export function createEdgeSampling(options: EdgeSamplingOptions): (parent: TraceParent | null) => boolean {
  const { rate, forcedPerSecond, clock, random } = options
  let second = 0
  let forced = 0
  const mayForce = () => {
    const now = Math.floor(clock.now().getTime() / 1000)
    if (now !== second) {
      second = now
      forced = 0
    }
    if (forced >= forcedPerSecond) return false
    forced++
    return true
  }
  return (parent) => {
    if (parent === null) return random() < rate
    return parent.sampled && (mayForce() || random() < rate)
  }
}
