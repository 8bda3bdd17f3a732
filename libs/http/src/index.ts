export {
  createHttpEdge,
  endWithRefusal,
  type HttpEdge,
  type HttpEdgeOptions,
  type OnUpgrade,
  type OpenStreams,
  type Route,
} from './http-edge.ts'
export { healthRoutes, type Readiness } from './health-routes.ts'
export {
  type Counter,
  type CounterSeries,
  createMetrics,
  type Durations,
  type DurationsSeries,
  type Gauge,
  type GaugeSeries,
  type Metrics,
} from './metrics/index.ts'
export { BodyTooLargeError, discardBody, readBody, sendJson, sendRefusal, sendText } from './messages.ts'
