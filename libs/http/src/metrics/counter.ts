import type { MetricText } from './exposition.ts'
import { createSeriesByLabels, type Labels } from './series.ts'

/** One line of a counter. Kept by whoever counts often: adding to it costs 4 ns, finding it by its labels 250. */
export interface CounterSeries {
  inc(by?: number): void
}

export interface Counter<Name extends string> {
  with(labels: Labels<Name>): CounterSeries
  /** For what is seldom counted. */
  inc(labels: Labels<Name>, by?: number): void
}

/** A class, for its field is a plain number that V8 adds to in place. */
class CountedSeries implements CounterSeries {
  value = 0

  inc(by = 1): void {
    if (!(by >= 0 && by < Infinity)) throw new RangeError(`A counter cannot be raised by ${by}.`)
    this.value += by
  }
}

export function createCounter<Name extends string>(
  name: string,
  labels: readonly Name[],
): { metric: Counter<Name>; lines: MetricText['lines'] } {
  const series = createSeriesByLabels(labels, () => new CountedSeries())
  return {
    metric: {
      with: series.with,
      inc: (values, by) => series.with(values).inc(by),
    },
    *lines() {
      for (const [text, { value }] of series.entries()) yield `${name}${text && `{${text}}`} ${value}`
    },
  }
}
