import type { Metrics } from '@courtside/http'
import { createBoundedValues, remembered } from './series-lookup.ts'

export type RequestOutcome = 'ok' | 'partial' | 'refused' | 'failed'

/** A client that left before its answer did is nobody's failure, whatever would have become of its request. */
export type RequestEnd = RequestOutcome | 'abandoned'

export type AuthenticationMethod = 'none' | 'token' | 'api-key'
export type AuthenticationOutcome = 'accepted' | 'refused' | 'unavailable'

/** What a subgraph has to do at a moment, and whether it is asked at all. */
export interface SubgraphState {
  readonly subgraph: string
  readonly inFlight: number
  readonly queued: number
  readonly breaker: 'closed' | 'open' | 'half-open'
}

/** How many compiled operations are kept at a moment, and about how many bytes they hold. */
export interface CompiledOperationsKept {
  readonly count: number
  readonly bytes: number
}

/** The figures of the gateway, under the names that dashboards and alerts use; docs/observability.md explains each. */
export interface GatewayMetrics {
  requestBegan(): void
  /** Ends what `requestBegan` began. */
  request(type: string, outcome: RequestEnd, code: string, seconds: number): void
  answeredBy(lane: 'fast' | 'slow'): void
  rateLimited(who: 'address' | 'person' | 'partner'): void
  authentication(method: AuthenticationMethod, outcome: AuthenticationOutcome): void
  subgraphCall(subgraph: string, outcome: 'answered' | 'unavailable', seconds: number): void
  subgraphRetry(subgraph: string): void
  /** `read` is asked each time that the figures are told. */
  subgraphStates(read: () => readonly SubgraphState[]): void
  supergraphReload(outcome: 'replaced' | 'kept'): void
  /** An operation met for the first time; refused is what cannot be planned, and so not be run. */
  compilation(outcome: 'compiled' | 'refused', seconds: number): void
  /** `read` is asked each time that the figures are told; that of a new graph takes the place of the one before. */
  compiledOperations(read: () => CompiledOperationsKept): void
  /** A request waited for the same one of somebody else. */
  sharedExecution(): void
  responseCache(event: 'hit' | 'miss' | 'store' | 'error'): void
}

/**
 * A code may come from any subgraph, and a faulty one could make a new one for each request. There are some dozens of
 * codes; what comes after this many is counted together.
 */
const MOST_CODES = 100

/** Each series is looked up once and kept: a request costs some additions, and nothing is allocated. */
export function createGatewayMetrics(metrics: Metrics): GatewayMetrics {
  const boundedCode = createBoundedValues(MOST_CODES)
  const inFlight = metrics
    .gauge('courtside_gateway_requests_in_flight', 'GraphQL requests that have no answer yet.')
    .with({})
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
  const requestSeries = remembered((type: string) =>
    remembered((outcome: RequestEnd) => ({
      duration: durations.with({ type, outcome }),
      count: remembered((code: string) => requests.with({ type, outcome, code })),
    })),
  )
  return {
    requestBegan: () => inFlight.add(1),
    request(type, outcome, code, seconds) {
      const { duration, count } = requestSeries(type)(outcome)
      count(boundedCode(code)).inc()
      duration.observe(seconds)
      inFlight.add(-1)
    },
    ...edgeFigures(metrics),
    ...executionFigures(metrics),
    ...subgraphFigures(metrics),
  }
}

function edgeFigures(metrics: Metrics) {
  const limited = metrics.counter(
    'courtside_gateway_rate_limited_total',
    'Requests refused because their sender has sent too many.',
    ['who'],
  )
  const limitedSeries = remembered((who: string) => limited.with({ who }))
  const authentications = metrics.counter(
    'courtside_gateway_authentications_total',
    'Requests by kind of credential and what came of it.',
    ['method', 'outcome'],
  )
  const authenticationSeries = remembered((method: string) =>
    remembered((outcome: string) => authentications.with({ method, outcome })),
  )
  const reloads = metrics.counter(
    'courtside_gateway_supergraph_reloads_total',
    'New supergraph files: replaced is served, kept was refused and the last good one serves on.',
    ['outcome'],
  )
  return {
    rateLimited: (who) => limitedSeries(who).inc(),
    authentication: (method, outcome) => authenticationSeries(method)(outcome).inc(),
    supergraphReload: (outcome) => reloads.inc({ outcome }),
  } satisfies Partial<GatewayMetrics>
}

function executionFigures(metrics: Metrics) {
  const answers = metrics.counter(
    'courtside_gateway_lane_requests_total',
    'Operations by the lane that ran them.',
    ['lane'],
  )
  const laneSeries = { fast: answers.with({ lane: 'fast' }), slow: answers.with({ lane: 'slow' }) }
  const compilations = metrics.durations(
    'courtside_gateway_compilation_duration_seconds',
    'Operations met for the first time: planning and compiling one, whether it could be compiled or not.',
    ['outcome'],
  )
  const kept = metrics
    .gauge('courtside_gateway_compiled_operations', 'Compiled operations that are kept.')
    .with({})
  const keptBytes = metrics
    .gauge(
      'courtside_gateway_compiled_operations_bytes',
      'About how much memory the compiled operations hold.',
    )
    .with({})
  const shared = metrics
    .counter(
      'courtside_gateway_shared_executions_total',
      'Requests answered by the execution of an equal one that was in progress.',
    )
    .with({})
  const cache = metrics.counter(
    'courtside_gateway_response_cache_total',
    'What happened at the cache of answers. An error of its store is a miss for the client.',
    ['event'],
  )
  const cacheSeries = remembered((event: string) => cache.with({ event }))
  let readKept = (): CompiledOperationsKept => ({ count: 0, bytes: 0 })
  metrics.beforeTelling(() => {
    const { count, bytes } = readKept()
    kept.set(count)
    keptBytes.set(bytes)
  })
  return {
    answeredBy: (lane) => laneSeries[lane].inc(),
    compilation: (outcome, seconds) => compilations.observe({ outcome }, seconds),
    compiledOperations(read) {
      readKept = read
    },
    sharedExecution: () => shared.inc(),
    responseCache: (event) => cacheSeries(event).inc(),
  } satisfies Partial<GatewayMetrics>
}

function subgraphFigures(metrics: Metrics) {
  const calls = metrics.durations('courtside_gateway_subgraph_call_duration_seconds', 'Calls to subgraphs.', [
    'subgraph',
    'outcome',
  ])
  const callSeries = remembered((subgraph: string) => ({
    answered: calls.with({ subgraph, outcome: 'answered' }),
    unavailable: calls.with({ subgraph, outcome: 'unavailable' }),
  }))
  const retries = metrics.counter(
    'courtside_gateway_subgraph_retries_total',
    'Calls to subgraphs that were sent once more.',
    ['subgraph'],
  )
  const inFlight = metrics.gauge(
    'courtside_gateway_subgraph_calls_in_flight',
    'Calls that a subgraph has not answered yet.',
    ['subgraph'],
  )
  const queued = metrics.gauge(
    'courtside_gateway_subgraph_calls_queued',
    'Calls that wait until a subgraph has fewer in flight.',
    ['subgraph'],
  )
  const breakers = metrics.gauge(
    'courtside_gateway_subgraph_breaker',
    'Whether a subgraph is asked: 1 for the state that its circuit breaker is in, 0 for the others.',
    ['subgraph', 'state'],
  )
  return {
    subgraphCall: (subgraph, outcome, seconds) => callSeries(subgraph)[outcome].observe(seconds),
    subgraphRetry: (subgraph) => retries.inc({ subgraph }),
    subgraphStates: (read) =>
      metrics.beforeTelling(() => {
        for (const { subgraph, ...current } of read()) {
          inFlight.with({ subgraph }).set(current.inFlight)
          queued.with({ subgraph }).set(current.queued)
          for (const state of BREAKER_STATES) {
            breakers.with({ subgraph, state }).set(state === current.breaker ? 1 : 0)
          }
        }
      }),
  } satisfies Partial<GatewayMetrics>
}

const BREAKER_STATES: readonly SubgraphState['breaker'][] = ['closed', 'open', 'half-open']
