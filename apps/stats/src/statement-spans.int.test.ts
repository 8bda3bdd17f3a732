import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { openDatabase, systemActor } from '@courtside/database'
import { silentLogger } from '@courtside/logger'
import { createStatementSpans, createTracing } from '@courtside/telemetry'
import { cloneDatabase } from '@courtside/testing'
import type { Database, Tx } from './db.ts'
import { PrismaClient } from './generated/prisma/client.ts'

const statements = createStatementSpans()
let clone: Awaited<ReturnType<typeof cloneDatabase>>
let db: Database
beforeAll(async () => {
  clone = await cloneDatabase('stats')
  db = openDatabase<PrismaClient, Tx>({
    url: clone.appUrl,
    log: silentLogger,
    applicationName: 'test',
    // Fewer than requests, so that statements wait for the connections of others.
    connections: 2,
    createClient: (adapter) => new PrismaClient({ adapter }),
    watchStatement: statements.watch,
  })
})
afterAll(async () => {
  await db.close()
  await clone.drop()
})

test('each statement is in the trace of the request that sent it, though requests share connections', async () => {
  const spans: ReadableSpan[] = []
  const tracing = await createTracing({
    serviceName: 'stats',
    sampleRate: 1,
    log: silentLogger,
    exporter: {
      export(exported, done) {
        spans.push(...exported)
        done({ code: 0 })
      },
      shutdown: async () => undefined,
    },
  })
  const work = async (request: number) => {
    await db.read((client) => client.team.findMany({ take: request + 1 }))
    await db.as(systemActor, (tx) => tx.sport.findMany())
  }
  const traces = Array.from({ length: 6 }, () => tracing.begin(undefined, 'query')!)
  await Promise.all([
    ...traces.map((trace, request) => statements.within(trace, () => work(request))),
    work(6),
  ])
  await tracing.shutdown()
  const namesOf = (id: string) =>
    spans.filter((span) => span.spanContext().traceId === id).map(({ name }) => name)
  for (const { traceId } of traces) {
    expect(namesOf(traceId)).toEqual(['SELECT teams', 'SELECT', 'SELECT sports', 'COMMIT'])
  }
  expect(spans).toHaveLength(6 * 4)
})
