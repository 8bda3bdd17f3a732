import type { MetricText } from './exposition.ts'
import { createSeriesByLabels, type Labels } from './series.ts'

/** One line of a gauge. */
export interface GaugeSeries {
  set(value: number): void
  /** Less, when negative. */
  add(difference: number): void
}

export interface Gauge<Name extends string> {
  with(labels: Labels<Name>): GaugeSeries
}

class MeasuredSeries implements GaugeSeries {
  value = 0

  set(value: number): void {
    if (!Number.isFinite(value)) throw new RangeError(`A gauge cannot show ${value}.`)
    this.value = value
  }

  add(difference: number): void {
    this.set(this.value + difference)
  }
}

export function createGauge<Name extends string>(
  name: string,
  labels: readonly Name[],
): { metric: Gauge<Name>; lines: MetricText['lines'] } {
  const series = createSeriesByLabels(labels, () => new MeasuredSeries())
  return {
    metric: { with: series.with },
    *lines() {
      for (const [text, { value }] of series.entries()) yield `${name}${text && `{${text}}`} ${value}`
    },
  }
}
