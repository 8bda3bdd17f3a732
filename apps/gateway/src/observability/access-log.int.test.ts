import { createServer, get, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import { createMetrics } from '@courtside/http'
import { createTracing } from '@courtside/telemetry'
import { createRecordedLog, principals } from '@courtside/testing'
import {
  type AccessLogOptions,
  beginCompileSpan,
  beginFetchSpan,
  createGatewayMetrics,
  endFetchSpan,
  type GatewayMetrics,
  recordRequest,
  type RequestRecord,
} from './index.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

/** A server that records each request as `fill` tells it, and answers unless `fill` has done so. */
async function serving(
  fill: (record: RequestRecord) => void | 'no answer',
  options: Partial<AccessLogOptions> = {},
) {
  const log = createRecordedLog()
  const counted: unknown[][] = []
  let recorded = Promise.withResolvers<void>()
  const metrics: GatewayMetrics = {
    ...createGatewayMetrics(createMetrics()),
    request: (...figures) => {
      counted.push(figures)
      // Its line is written in the same turn.
      setImmediate(recorded.resolve)
    },
  }
  const arrived = Promise.withResolvers<void>()
  const server = createServer((_request, response) => {
    const record = recordRequest(response, log, { metrics, slowMs: 10_000, ...options })
    arrived.resolve()
    if (fill(record) !== 'no answer') response.writeHead(record.outcome === 'ok' ? 200 : 400).end('{}')
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
  return {
    log,
    counted,
    url,
    arrived: arrived.promise,
    recorded: () => recorded.promise,
    async ask(headers: Record<string, string> = {}) {
      await (await fetch(url, { method: 'POST', headers, body: '{}' })).text()
      await recorded.promise
      recorded = Promise.withResolvers()
    },
  }
}

const fine = (record: RequestRecord) => {
  record.operation = { name: 'Mine', type: 'query' }
  record.outcome = 'ok'
}

describe('the access log', () => {
  test('says of each request who asked what, and what came of it', async () => {
    const principal = principals.user('viewer')
    const { ask, log, counted } = await serving((record) => {
      fine(record)
      record.principal = principal
    })
    await ask()
    expect(log.lines).toEqual([
      {
        level: 'info',
        message: 'GraphQL request',
        fields: expect.objectContaining({
          'principal.kind': 'user',
          'user.id': principal.userId,
          'operation.name': 'Mine',
          'operation.type': 'query',
          outcome: 'ok',
          status: 200,
          durationMs: expect.any(Number),
        }),
      },
    ])
    expect(counted).toEqual([['query', 'ok', '', expect.any(Number)]])
  })

  test('of problems leaves out what went well, which is counted all the same', async () => {
    const { ask, log, counted } = await serving(fine, { lines: 'problems' })
    await ask()
    expect(log.lines).toEqual([])
    expect(counted).toEqual([['query', 'ok', '', expect.any(Number)]])
  })

  test.each<[RequestRecord['outcome'], string]>([
    ['partial', 'INTERNAL_SERVER_ERROR'],
    ['refused', 'RATE_LIMITED'],
    ['failed', 'INTERNAL_SERVER_ERROR'],
  ])('of problems has what was %s', async (outcome, code) => {
    const { ask, log } = await serving((record) => void Object.assign(record, { outcome, code }), {
      lines: 'problems',
    })
    await ask()
    expect(log.lines).toEqual([
      expect.objectContaining({
        level: 'info',
        fields: expect.objectContaining({ 'principal.kind': 'unknown', outcome, code, status: 400 }),
      }),
    ])
  })

  test('of problems warns of what went well but slowly', async () => {
    const { ask, log } = await serving(fine, { lines: 'problems', slowMs: 0 })
    await ask()
    expect(log.lines).toEqual([expect.objectContaining({ level: 'warn', message: 'Slow GraphQL request' })])
  })

  test('of problems has whom left before the answer', async () => {
    const { url, arrived, recorded, log, counted } = await serving(
      (record) => {
        fine(record)
        return 'no answer'
      },
      { lines: 'problems' },
    )
    const client = get(url)
    client.on('error', () => undefined)
    await arrived
    client.destroy()
    await recorded()
    expect(log.lines).toEqual([
      expect.objectContaining({ fields: expect.objectContaining({ outcome: 'abandoned' }) }),
    ])
    expect(counted).toEqual([['query', 'abandoned', '', expect.any(Number)]])
  })
})

describe('the trace of a request', () => {
  const SAMPLED = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

  async function traced(fill: (record: RequestRecord) => void, headers?: Record<string, string>) {
    const kept: ReadableSpan[] = []
    const exporter: SpanExporter = {
      export(spans, done) {
        kept.push(...spans)
        done({ code: 0 })
      },
      shutdown: async () => undefined,
    }
    const log = createRecordedLog()
    const tracing = await createTracing({ serviceName: 'gateway', exporter, sampleRate: 0, log })
    const server = await serving(fill, { tracing })
    await server.ask(headers)
    await tracing.shutdown()
    return { kept, log: server.log }
  }

  test('is not there unless it is sampled', async () => {
    const { kept } = await traced((record) => expect(record.trace).toBeNull())
    expect(kept).toEqual([])
  })

  test('has the operation, its outcome and what was done for it', async () => {
    let passedOn: string | undefined
    const { kept, log } = await traced(
      (record) => {
        fine(record)
        beginCompileSpan(record.trace)!.end()
        const fetch = beginFetchSpan(record.trace, 'stats', 'query')!
        passedOn = fetch.traceparent()
        endFetchSpan(fetch, null)
        endFetchSpan(beginFetchSpan(record.trace, 'media', 'query')!, 'late')
      },
      { traceparent: SAMPLED },
    )
    const told = kept.map(({ name, attributes, status }) => ({ name, attributes, failed: status.code === 2 }))
    const fetched = (subgraph: string) => ({
      'graphql.operation.type': 'query',
      'server.address': subgraph,
    })
    expect(told).toEqual([
      { name: 'compile', attributes: {}, failed: false },
      { name: 'fetch stats', attributes: fetched('stats'), failed: false },
      { name: 'fetch media', attributes: { ...fetched('media'), 'error.type': 'late' }, failed: true },
      {
        name: 'query',
        failed: false,
        attributes: {
          'http.request.method': 'POST',
          'url.path': '/graphql',
          'graphql.operation.type': 'query',
          'graphql.operation.name': 'Mine',
          'http.response.status_code': 200,
          'courtside.outcome': 'ok',
        },
      },
    ])
    const request = kept.at(-1)!.spanContext()
    for (const { parentSpanContext } of kept.slice(0, -1)) {
      expect(parentSpanContext?.spanId).toBe(request.spanId)
    }
    expect(passedOn).toBe(`00-${request.traceId}-${kept[1]!.spanContext().spanId}-01`)
    expect(log.lines[0]!.fields).toMatchObject({ 'trace.id': '4bf92f3577b34da6a3ce929d0e0e4736' })
  })

  test.each<[RequestRecord['outcome'], boolean]>([
    ['failed', true],
    ['partial', true],
    ['refused', false],
  ])('of what was %s is a failure of the server: %s', async (outcome, failed) => {
    const { kept } = await traced((record) => void Object.assign(record, { outcome, code: 'SOME_CODE' }), {
      traceparent: SAMPLED,
    })
    expect(kept).toHaveLength(1)
    expect(kept[0]!.attributes).toMatchObject({ 'error.type': 'SOME_CODE', 'courtside.outcome': outcome })
    expect(kept[0]!.status.code === 2).toBe(failed)
  })
})
