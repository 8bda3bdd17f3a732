import { afterEach, describe, expect, test } from '@jest/globals'
import { createHttpEdge, createMetrics, type Metrics } from '@courtside/http'
import { DomainError } from '@courtside/kernel'
import { silentLogger } from '@courtside/logger'
import { openOtlpReceiver } from './fixtures/otlp-receiver.ts'
import { KeptSpans, SilentExporter, SwitchedExporter } from './fixtures/span-exporters.ts'
import { createTracing, type Tracing, type TracingOptions } from './index.ts'

const releases: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release()
})

async function receiver() {
  const opened = await openOtlpReceiver()
  releases.push(() => opened.close())
  return opened
}

async function tracing(options: Partial<TracingOptions>) {
  const said: string[] = []
  const log = {
    ...silentLogger,
    info: (_fields: object, message: string) => said.push(`info: ${message}`),
    warn: (_fields: object, message: string) => said.push(`warn: ${message}`),
  }
  const opened: Tracing = await createTracing({ serviceName: 'test', sampleRate: 1, log, ...options })
  releases.push(() => opened.shutdown())
  return { ...opened, said }
}

async function spansCounted(metrics: Metrics): Promise<Record<string, number>> {
  const edge = createHttpEdge({ routes: [metrics.route], log: silentLogger })
  const { url } = await edge.listen({ host: '127.0.0.1', port: 0 })
  const text = await (await fetch(`${url}/metrics`)).text()
  await edge.drain(0)
  const series = text.matchAll(/^courtside_spans_total\{outcome="(\w+)"\} (\d+)$/gm)
  return Object.fromEntries([...series].map(([, outcome, count]) => [outcome, Number(count)]))
}

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const SAMPLED = `00-${TRACE_ID}-00f067aa0ba902b7-01`
const NOT_SAMPLED = `00-${TRACE_ID}-00f067aa0ba902b7-00`

describe('a traced request', () => {
  test('reaches the collector with its spans, names and attributes', async () => {
    const collector = await receiver()
    const { begin, shutdown } = await tracing({ otlpEndpoint: collector.url })
    const trace = begin(undefined, 'GraphQL Operation')!
    trace.rename('query')
    trace.set({ 'graphql.operation.name': 'Games', 'graphql.operation.type': undefined })
    const fetch = trace.span('fetch stats', 'client', { 'server.address': 'stats' })
    fetch.fail(new DomainError({ kind: 'unavailable', code: 'STATS_AWAY', message: 'secret' }))
    fetch.end()
    trace.end()
    await shutdown()
    expect(collector.spans).toEqual([
      expect.objectContaining({
        traceId: trace.traceId,
        parentSpanId: trace.traceparent().split('-')[2],
        name: 'fetch stats',
        kind: 3,
        attributes: { 'server.address': 'stats', 'error.type': 'STATS_AWAY' },
        status: expect.objectContaining({ code: 2 }),
        serviceName: 'test',
      }),
      expect.objectContaining({
        traceId: trace.traceId,
        name: 'query',
        kind: 2,
        attributes: { 'graphql.operation.name': 'Games' },
        serviceName: 'test',
      }),
    ])
    expect(JSON.stringify(collector.spans)).not.toContain('secret')
  })

  test('goes on in another process, under the span that called it', async () => {
    const collector = await receiver()
    const gateway = await tracing({ otlpEndpoint: collector.url, serviceName: 'gateway' })
    const stats = await tracing({ otlpEndpoint: `${collector.url}/`, serviceName: 'stats', sampleRate: 0 })
    const trace = gateway.begin(SAMPLED, 'query')!
    const fetch = trace.span('fetch stats', 'client')
    const there = stats.follow(fetch.traceparent(), 'query')!
    there.end()
    fetch.end()
    trace.end()
    await Promise.all([gateway.shutdown(), stats.shutdown()])
    const by = Object.fromEntries(
      collector.spans.map((span) => [`${String(span.serviceName)} ${span.name}`, span]),
    )
    expect(new Set(collector.spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE_ID]))
    expect(by['gateway query']!.parentSpanId).toBe('00f067aa0ba902b7')
    expect(by['gateway fetch stats']!.parentSpanId).toBe(by['gateway query']!.spanId)
    expect(by['stats query']!.parentSpanId).toBe(by['gateway fetch stats']!.spanId)
  })

  test.each<[string, unknown, string]>([
    ['a code', 'TIMEOUT', 'TIMEOUT'],
    ['an error', new TypeError('x'), 'TypeError'],
    ['a domain error', new DomainError({ kind: 'conflict', code: 'A_B', message: 'x' }), 'A_B'],
    ['something thrown', 7, '_OTHER'],
    ['a long word', 'x'.repeat(1_000), 'x'.repeat(100)],
  ])('tells its failure by a short name: %s', async (_, error, type) => {
    const exporter = new KeptSpans()
    const { begin, shutdown } = await tracing({ exporter })
    const trace = begin(undefined, 'query')!
    trace.fail(error)
    trace.end()
    await shutdown()
    expect(exporter.kept[0]!.attributes).toEqual({ 'error.type': type })
  })

  test('holds no more of a value than fits', async () => {
    const exporter = new KeptSpans()
    const { begin, shutdown } = await tracing({ exporter })
    const trace = begin(undefined, 'query')!
    trace.set({ long: 'x'.repeat(10_000) })
    for (let index = 0; index < 100; index++) trace.set({ [`attribute${index}`]: index })
    trace.end()
    await shutdown()
    expect(String(exporter.kept[0]!.attributes['long'])).toHaveLength(256)
    expect(Object.keys(exporter.kept[0]!.attributes)).toHaveLength(32)
  })
})

describe('a request is not traced', () => {
  test('when there is nobody to tell', async () => {
    const { begin, follow, shutdown } = await tracing({})
    expect(begin(SAMPLED, 'query')).toBeNull()
    expect(follow(SAMPLED, 'query')).toBeNull()
    await shutdown()
  })

  test('within a subgraph, unless the gateway traces it', async () => {
    const { follow } = await tracing({ exporter: new KeptSpans(), sampleRate: 1 })
    expect(follow(undefined, 'query')).toBeNull()
    expect(follow(NOT_SAMPLED, 'query')).toBeNull()
    expect(follow('forged', 'query')).toBeNull()
    expect(follow(SAMPLED, 'query')).toMatchObject({ traceId: TRACE_ID })
  })

  test('at the edge, when its client does not trace it or the rate leaves it out', async () => {
    const { begin } = await tracing({ exporter: new KeptSpans(), sampleRate: 0.3, random: () => 0.3 })
    expect(begin(undefined, 'query')).toBeNull()
    expect(begin(NOT_SAMPLED, 'query')).toBeNull()
    expect(begin('forged', 'query')).toBeNull()
    expect(begin(SAMPLED, 'query')).toMatchObject({ traceId: TRACE_ID })
  })
})

describe('a forged header', () => {
  test('begins a trace of our own', async () => {
    const { begin } = await tracing({ exporter: new KeptSpans() })
    const trace = begin(`00-${TRACE_ID}-0000000000000000-01`, 'query')!
    expect(trace.traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(trace.traceId).not.toBe(TRACE_ID)
  })
})

describe('a collector that is away', () => {
  test('costs spans and one line until it answers again', async () => {
    const exporter = new SwitchedExporter()
    const metrics = createMetrics()
    const { begin, said, shutdown } = await tracing({ exporter, metrics })
    for (const failing of [true, true, false, false, true]) {
      exporter.failing = failing
      // A whole batch leaves at once.
      const left = exporter.nextBatch()
      for (let index = 0; index < 512; index++) begin(undefined, 'query')!.end()
      await left
    }
    expect(said).toEqual([
      'warn: Traces are not delivered, and are lost until they are',
      'info: Traces are delivered again',
      'warn: Traces are not delivered, and are lost until they are',
    ])
    expect(await spansCounted(metrics)).toEqual({ failed: 1536, exported: 1024 })
    await shutdown()
  })

  test('does not fill the memory when it never answers', async () => {
    const exporter = new SilentExporter()
    const metrics = createMetrics()
    const { begin } = await tracing({ exporter, metrics, flushMs: 0 })
    for (let index = 0; index < 10_000; index++) begin(undefined, 'query')!.end()
    expect(await spansCounted(metrics)).toEqual({ dropped: 10_000 - 2_048 })
    expect(exporter.given).toBeLessThanOrEqual(2_048)
    exporter.release()
  })

  test('is told in the log when nothing listens at its address', async () => {
    const gone = await openOtlpReceiver()
    await gone.close()
    const { begin, said, shutdown } = await tracing({
      otlpEndpoint: gone.url,
      exportMs: 500,
      flushMs: 15_000,
    })
    begin(undefined, 'query')!.end()
    await shutdown()
    expect(said).toEqual(['warn: Traces are not delivered, and are lost until they are'])
  })

  test('holds up the end of the process no longer than it may', async () => {
    const exporter = new SilentExporter()
    const { begin, shutdown } = await tracing({ exporter, exportMs: 60_000, flushMs: 20 })
    begin(undefined, 'query')!.end()
    await shutdown()
    expect(exporter.given).toBe(1)
    exporter.release()
  })
})

describe('spans', () => {
  test('are sent without waiting for the end of the process', async () => {
    const collector = await receiver()
    const { begin } = await tracing({ otlpEndpoint: collector.url })
    for (let index = 0; index < 512; index++) begin(undefined, 'query')!.end()
    await collector.received(512)
    expect(collector.requests).toBe(1)
  })

  test('that wait are sent at the end of the process', async () => {
    const collector = await receiver()
    const { begin, shutdown } = await tracing({ otlpEndpoint: collector.url })
    for (let index = 0; index < 700; index++) begin(undefined, 'query')!.end()
    await shutdown()
    expect(collector.spans).toHaveLength(700)
  })
})
