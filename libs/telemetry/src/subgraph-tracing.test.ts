import { describe, expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import { KeptSpans } from './fixtures/span-exporters.ts'
import { createSubgraphTracing, createTracing } from './index.ts'

const SAMPLED = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const operation = { subgraph: 'stats', type: 'query', name: 'Games__stats__0' } as const

async function open() {
  const exporter = new KeptSpans()
  const tracing = await createTracing({ serviceName: 'stats', exporter, sampleRate: 1, log: silentLogger })
  return { exporter, subgraph: createSubgraphTracing(tracing), shutdown: tracing.shutdown }
}

describe('an operation of a subgraph', () => {
  test('stands in the trace of the gateway, and its statements under it', async () => {
    const { exporter, subgraph, shutdown } = await open()
    const answer = await subgraph.run(SAMPLED, operation, async () => {
      await Promise.resolve()
      subgraph.watchStatement('SELECT * FROM games')!.end()
      return 'answer'
    })
    await shutdown()
    expect(answer).toBe('answer')
    const [statement, served] = exporter.kept
    expect(served).toMatchObject({
      name: 'query',
      parentSpanContext: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' },
      attributes: {
        'graphql.operation.type': 'query',
        'graphql.operation.name': 'Games__stats__0',
        'server.address': 'stats',
      },
    })
    expect(statement).toMatchObject({
      name: 'SELECT games',
      parentSpanContext: { spanId: served!.spanContext().spanId },
    })
  })

  test('that the gateway does not trace is only run', async () => {
    const { exporter, subgraph, shutdown } = await open()
    const answer = await subgraph.run(undefined, operation, async (trace) => {
      expect(trace).toBeNull()
      expect(subgraph.watchStatement('SELECT 1')).toBeNull()
      return 'answer'
    })
    await shutdown()
    expect(answer).toBe('answer')
    expect(exporter.kept).toEqual([])
  })

  test('that throws has failed, and throws the same', async () => {
    const { exporter, subgraph, shutdown } = await open()
    const fault = new TypeError('of Anna')
    await expect(subgraph.run(SAMPLED, operation, () => Promise.reject(fault))).rejects.toBe(fault)
    await shutdown()
    expect(exporter.kept).toHaveLength(1)
    expect(exporter.kept[0]!.attributes['error.type']).toBe('TypeError')
    expect(exporter.kept[0]!.status).toEqual({ code: 2 })
  })
})
