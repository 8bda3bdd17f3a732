export { type AccessLogOptions, endAtStream, recordRequest, type RequestRecord } from './access-log.ts'
export {
  type AuthenticationMethod,
  type AuthenticationOutcome,
  type CompiledOperationsKept,
  createGatewayMetrics,
  type GatewayMetrics,
  type RequestOutcome,
  type SubgraphState,
} from './gateway-metrics.ts'
export { beginCompileSpan, beginFetchSpan, endFetchSpan } from './request-spans.ts'
