import type { MetricText } from './exposition.ts'
import { createSeriesByLabels, type Labels } from './series.ts'

/** One distribution. Kept by whoever measures often, as a series of a counter is. */
export interface DurationsSeries {
  observe(seconds: number): void
}

export interface Durations<Name extends string> {
  with(labels: Labels<Name>): DurationsSeries
  /** For what is seldom measured. */
  observe(labels: Labels<Name>, seconds: number): void
}

/** Upper bounds in seconds; the last bucket has none. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

class Distribution implements DurationsSeries {
  /** How many fell into each bucket itself, not into those below it. */
  readonly counts = new Float64Array(BOUNDS.length + 1)
  sum = 0

  observe(seconds: number): void {
    if (!(seconds >= 0 && seconds < Infinity)) throw new RangeError(`${seconds} s is not a duration.`)
    let bucket = 0
    // Most are short, so the walk from the left ends early.
    while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]!) bucket++
    this.counts[bucket]! += 1
    this.sum += seconds
  }
}

export function createDurations<Name extends string>(
  name: string,
  labels: readonly Name[],
): { metric: Durations<Name>; lines: MetricText['lines'] } {
  const series = createSeriesByLabels(labels, () => new Distribution())
  return {
    metric: {
      with: series.with,
      observe: (values, seconds) => series.with(values).observe(seconds),
    },
    *lines() {
      for (const [text, { counts, sum }] of series.entries()) {
        let count = 0
        for (const [bucket, ownCount] of counts.entries()) {
          count += ownCount
          yield `${name}_bucket{le="${BOUNDS[bucket] ?? '+Inf'}"${text && `,${text}`}} ${count}`
        }
        const braces = text && `{${text}}`
        yield `${name}_sum${braces} ${sum}`
        yield `${name}_count${braces} ${count}`
      }
    },
  }
}
