import { beforeAll, expect, test } from '@jest/globals'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { silentLogger } from '@courtside/logger'
import { createTracing, type Tracing } from '@courtside/telemetry'
import { type GatewayFixture, openGateway } from './fixtures/gateway-fixture.ts'

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const spans: ReadableSpan[] = []
let tracing: Tracing
let fixture: GatewayFixture
beforeAll(async () => {
  tracing = await createTracing({
    serviceName: 'gateway',
    sampleRate: 0,
    log: silentLogger,
    exporter: {
      export(exported, done) {
        spans.push(...exported)
        done({ code: 0 })
      },
      shutdown: async () => undefined,
    },
  })
  fixture = await openGateway('in-process', { tracing })
})

test('a traced request has a span for its compilation and for each call, and none that is not traced', async () => {
  const text = 'query Traced { game(id: "1") { title } }'
  await fixture.graphql(text, { headers: { traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01` } })
  await fixture.graphql(text, { headers: { traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01` } })
  await fixture.graphql(text)
  await fixture.stop()
  await tracing.shutdown()
  expect(spans.map(({ name }) => name)).toEqual(['compile', 'fetch stats', 'query', 'fetch stats', 'query'])
  const [compile, fetch, request] = spans
  expect(request!.spanContext().traceId).toBe(TRACE_ID)
  expect(request!.attributes).toMatchObject({ 'graphql.operation.name': 'Traced', 'courtside.outcome': 'ok' })
  for (const span of [compile!, fetch!]) {
    expect(span.parentSpanContext?.spanId).toBe(request!.spanContext().spanId)
  }
})
