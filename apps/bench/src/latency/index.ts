export { measureLatency } from './measure-latency.ts'
export { type LatencyOptions, readLatencyOptions } from './options.ts'
