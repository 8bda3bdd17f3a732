import type { Metrics } from '@courtside/http'
import type { AuthenticationMethod, AuthenticationOutcome } from '../authentication/index.ts'

export type RequestOutcome = 'ok' | 'partial' | 'refused' | 'failed'

/** The figures of the gateway, under the names that dashboards and alerts use. */
export interface GatewayMetrics {
  request(type: string, outcome: RequestOutcome, code: string, seconds: number): void
  rateLimited(who: 'address' | 'person' | 'partner'): void
  authentication(method: AuthenticationMethod, outcome: AuthenticationOutcome): void
  subgraphCall(subgraph: string, outcome: 'answered' | 'unavailable', seconds: number): void
  supergraphReload(outcome: 'replaced' | 'kept'): void
}

export function createGatewayMetrics(metrics: Metrics): GatewayMetrics {
  const requests = metrics.counter(
    'courtside_gateway_requests_total',
    'GraphQL requests by operation type, outcome and first error code.',
    ['type', 'outcome', 'code'],
  )
  const durations = metrics.durations(
    'courtside_gateway_request_duration_seconds',
    'From the last header of a request to the last byte of its answer.',
    ['type', 'outcome'],
  )
  const rateLimited = metrics.counter(
    'courtside_gateway_rate_limited_total',
    'Requests refused because their sender has sent too many.',
    ['who'],
  )
  const authentications = metrics.counter(
    'courtside_gateway_authentications_total',
    'Requests by kind of credential and what came of it.',
    ['method', 'outcome'],
  )
  const calls = metrics.durations('courtside_gateway_subgraph_call_duration_seconds', 'Calls to subgraphs.', [
    'subgraph',
    'outcome',
  ])
  const reloads = metrics.counter(
    'courtside_gateway_supergraph_reloads_total',
    'New supergraph files: replaced is served, kept was refused and the last good one serves on.',
    ['outcome'],
  )
  return {
    request(type, outcome, code, seconds) {
      requests.inc({ type, outcome, code })
      durations.observe({ type, outcome }, seconds)
    },
    rateLimited: (who) => rateLimited.inc({ who }),
    authentication: (method, outcome) => authentications.inc({ method, outcome }),
    subgraphCall: (subgraph, outcome, seconds) => calls.observe({ subgraph, outcome }, seconds),
    supergraphReload: (outcome) => reloads.inc({ outcome }),
  }
}
