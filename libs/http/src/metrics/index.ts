export type { Counter, CounterSeries } from './counter.ts'
export type { Durations, DurationsSeries } from './durations.ts'
export type { Gauge, GaugeSeries } from './gauge.ts'
export { createMetrics, type Metrics } from './metrics.ts'
