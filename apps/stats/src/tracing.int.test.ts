import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { silentLogger } from '@courtside/logger'
import { createTracing, type Tracing } from '@courtside/telemetry'
import { openSubgraph, principals, type SubgraphHarness } from '@courtside/testing'
import { composeStats } from './compose.ts'

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN_ID = '00f067aa0ba902b7'
const spans: ReadableSpan[] = []
let tracing: Tracing
let stats: SubgraphHarness
beforeAll(async () => {
  tracing = await createTracing({
    serviceName: 'stats',
    log: silentLogger,
    exporter: {
      export(exported, done) {
        spans.push(...exported)
        done({ code: 0 })
      },
      shutdown: async () => undefined,
    },
  })
  stats = await openSubgraph('stats', (dependencies) => composeStats({ ...dependencies, tracing }))
})
afterAll(() => stats.close())

test('an operation that the gateway traces has a span, and one for each statement under it', async () => {
  const ask = (headers: Record<string, string>) =>
    stats.as(principals.anonymous, headers).ok('query Sports { sports { edges { node { name } } } }')
  await ask({ traceparent: `00-${TRACE_ID}-${SPAN_ID}-01` })
  await ask({ traceparent: `00-${TRACE_ID}-${SPAN_ID}-00` })
  await ask({})
  await tracing.shutdown()
  const [statement, operation] = spans
  expect(spans.map(({ name }) => name)).toEqual(['SELECT sports', 'query'])
  expect(operation!.parentSpanContext).toMatchObject({ traceId: TRACE_ID, spanId: SPAN_ID })
  expect(statement!.parentSpanContext?.spanId).toBe(operation!.spanContext().spanId)
})
