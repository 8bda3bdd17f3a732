export { measureLatency } from './measure-latency.ts'
