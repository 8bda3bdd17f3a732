import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createHttpEdge, createMetrics, type HttpEdge } from '@courtside/http'
import { silentLogger } from '@courtside/logger'
import { createGatewayMetrics, type GatewayMetrics, type SubgraphState } from './index.ts'

let metrics: GatewayMetrics
let edge: HttpEdge
let url: string
beforeEach(async () => {
  const ofProcess = createMetrics()
  metrics = createGatewayMetrics(ofProcess)
  edge = createHttpEdge({ routes: [ofProcess.route], log: silentLogger })
  ;({ url } = await edge.listen({ host: '127.0.0.1', port: 0 }))
})
afterEach(() => edge.drain(0))

/** The series of the gateway that are not zero, without the buckets of durations. */
async function figures(): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const series = text.matchAll(/^courtside_gateway_(\S+) (\S+)$/gm)
  return Object.fromEntries(
    [...series]
      .map(([, name, value]): [string, number] => [name!, Number(value)])
      .filter(([name, value]) => value !== 0 && !name.includes('_bucket')),
  )
}

describe('the figures of the gateway', () => {
  test('count a request by type, outcome and code, and what it took', async () => {
    metrics.requestBegan()
    metrics.requestBegan()
    metrics.request('query', 'ok', '', 0.25)
    expect(await figures()).toEqual({
      requests_in_flight: 1,
      'requests_total{type="query",outcome="ok",code=""}': 1,
      'request_duration_seconds_sum{type="query",outcome="ok"}': 0.25,
      'request_duration_seconds_count{type="query",outcome="ok"}': 1,
    })
  })

  test('stay few when a subgraph makes a new code for each request', async () => {
    for (let index = 0; index < 1_000; index++) metrics.request('query', 'partial', `CODE_${index}`, 0)
    metrics.request('mutation', 'partial', 'CODE_0', 0)
    metrics.request('mutation', 'partial', 'CODE_999', 0)
    const codes = Object.entries(await figures()).filter(([name]) => name.startsWith('requests_total'))
    expect(codes).toHaveLength(103)
    expect(Object.fromEntries(codes)).toMatchObject({
      'requests_total{type="query",outcome="partial",code="CODE_0"}': 1,
      'requests_total{type="query",outcome="partial",code="CODE_99"}': 1,
      'requests_total{type="query",outcome="partial",code="other"}': 900,
      'requests_total{type="mutation",outcome="partial",code="CODE_0"}': 1,
      'requests_total{type="mutation",outcome="partial",code="other"}': 1,
    })
  })

  test('tell what happened at the edge', async () => {
    metrics.rateLimited('person')
    metrics.authentication('token', 'accepted')
    metrics.supergraphReload('kept')
    expect(await figures()).toEqual({
      'rate_limited_total{who="person"}': 1,
      'authentications_total{method="token",outcome="accepted"}': 1,
      'supergraph_reloads_total{outcome="kept"}': 1,
    })
  })

  test('tell how operations were run', async () => {
    metrics.answeredBy('fast')
    metrics.answeredBy('fast')
    metrics.answeredBy('slow')
    metrics.compilation('compiled', 0.5)
    metrics.compilation('refused', 0.125)
    metrics.compiledOperations(() => ({ count: 3, bytes: 1_024 }))
    metrics.compiledOperations(() => ({ count: 7, bytes: 4_096 }))
    metrics.sharedExecution()
    metrics.responseCache('hit')
    metrics.responseCache('error')
    expect(await figures()).toEqual({
      'lane_requests_total{lane="fast"}': 2,
      'lane_requests_total{lane="slow"}': 1,
      'compilation_duration_seconds_sum{outcome="compiled"}': 0.5,
      'compilation_duration_seconds_count{outcome="compiled"}': 1,
      'compilation_duration_seconds_sum{outcome="refused"}': 0.125,
      'compilation_duration_seconds_count{outcome="refused"}': 1,
      compiled_operations: 7,
      compiled_operations_bytes: 4_096,
      shared_executions_total: 1,
      'response_cache_total{event="hit"}': 1,
      'response_cache_total{event="error"}': 1,
    })
  })

  test('tell how subgraphs are', async () => {
    metrics.subgraphCall('stats', 'answered', 0.5)
    metrics.subgraphCall('stats', 'unavailable', 2)
    metrics.subgraphRetry('stats')
    expect(await figures()).toEqual({
      'subgraph_call_duration_seconds_sum{subgraph="stats",outcome="answered"}': 0.5,
      'subgraph_call_duration_seconds_count{subgraph="stats",outcome="answered"}': 1,
      'subgraph_call_duration_seconds_sum{subgraph="stats",outcome="unavailable"}': 2,
      'subgraph_call_duration_seconds_count{subgraph="stats",outcome="unavailable"}': 1,
      'subgraph_retries_total{subgraph="stats"}': 1,
    })
  })

  test('tell what subgraphs have to do, and which are asked', async () => {
    const stats: SubgraphState = { subgraph: 'stats', inFlight: 3, queued: 2, breaker: 'closed' }
    let states = [stats, { ...stats, subgraph: 'media', inFlight: 1, queued: 0 }]
    metrics.subgraphStates(() => states)
    expect(await figures()).toEqual({
      'subgraph_calls_in_flight{subgraph="stats"}': 3,
      'subgraph_calls_in_flight{subgraph="media"}': 1,
      'subgraph_calls_queued{subgraph="stats"}': 2,
      'subgraph_breaker{subgraph="stats",state="closed"}': 1,
      'subgraph_breaker{subgraph="media",state="closed"}': 1,
    })
    states = [
      { ...stats, inFlight: 0, queued: 0, breaker: 'half-open' },
      { ...stats, subgraph: 'media', breaker: 'open', inFlight: 0, queued: 0 },
    ]
    expect(await figures()).toEqual({
      'subgraph_breaker{subgraph="stats",state="half-open"}': 1,
      'subgraph_breaker{subgraph="media",state="open"}': 1,
    })
  })
})
