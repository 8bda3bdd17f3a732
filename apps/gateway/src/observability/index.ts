export { type AccessLogOptions, recordRequest, type RequestRecord } from './access-log.ts'
export { createGatewayMetrics, type GatewayMetrics, type RequestOutcome } from './gateway-metrics.ts'
