import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import { KeptSpans } from './fixtures/span-exporters.ts'
import { createStatementSpans, createTracing, type Trace } from './index.ts'

async function spansOf(
  work: (statements: ReturnType<typeof createStatementSpans>, open: () => Trace) => unknown,
) {
  const exporter = new KeptSpans()
  const tracing = await createTracing({ serviceName: 'test', exporter, sampleRate: 1, log: silentLogger })
  await work(createStatementSpans(), () => tracing.begin(undefined, 'query')!)
  await tracing.shutdown()
  return exporter.kept
}

describe('the span of a statement', () => {
  test.each([
    ['SELECT "public"."teams"."id" FROM "public"."teams" WHERE "id" = $1', 'SELECT teams', 'teams'],
    ['\n  insert into games (id) values ($1)', 'INSERT games', 'games'],
    ['UPDATE "users" SET name = $1', 'UPDATE users', 'users'],
    ['DELETE FROM sessions', 'DELETE sessions', 'sessions'],
    ["SELECT set_config('app.user_id', $1, true)", 'SELECT', undefined],
    ['', 'SQL', undefined],
  ])('of %j is named %s', async (sql, name, table) => {
    const [span] = await spansOf(({ within, watch }, open) => within(open(), () => watch(sql)!.end()))
    expect(span!.name).toBe(name)
    expect(span!.attributes['db.collection.name']).toBe(table)
    expect(JSON.stringify(span!.attributes)).not.toContain('$1')
  })

  test('belongs to the request that sent it, whatever else goes on', async () => {
    const traces: Trace[] = []
    const spans = await spansOf(async ({ within, watch }, open) => {
      const request = async (table: string) => {
        await nextTurn()
        watch(`SELECT FROM ${table}`)!.end()
      }
      traces.push(open(), open())
      await Promise.all([within(traces[0]!, () => request('a')), within(traces[1]!, () => request('b'))])
    })
    const by = Object.fromEntries(spans.map((span) => [span.name, span.spanContext().traceId]))
    expect(by).toEqual({ 'SELECT a': traces[0]!.traceId, 'SELECT b': traces[1]!.traceId })
  })

  test('is not made for a request that is not traced', async () => {
    await spansOf(({ within, watch }) => {
      expect(watch('SELECT 1')).toBeNull()
      within(null, () => expect(watch('SELECT 1')).toBeNull())
    })
  })
})
