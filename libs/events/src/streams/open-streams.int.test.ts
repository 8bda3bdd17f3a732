import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMetrics } from '@courtside/http'
import { silentLogger } from '@courtside/logger'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type LogServer, startLogServer, type TestTx } from '../fixtures/log-database.ts'
import { type Fact, factKey, withAfterCommit } from '../index.ts'
import { createStreamMetrics, openStreams, type StreamMetrics, throwAwayStreamSettings } from './index.ts'

let server: LogServer
beforeAll(async () => {
  server = await startLogServer()
})
afterAll(() => server.stop())

async function openLog(metrics?: StreamMetrics) {
  const { appUrl, open, look } = await server.createDatabase()
  const db = withAfterCommit(await open(), silentLogger)
  const openOne = () =>
    openStreams({
      name: 'club',
      db,
      databaseUrl: appUrl,
      settings: { ...throwAwayStreamSettings(), ...(metrics && { metrics }) },
      retention: [],
      log: silentLogger,
    })
  let facts = 0
  const append = (streams: ReturnType<typeof openOne>) =>
    db.transaction((tx: TestTx) =>
      streams.log.append(tx, {
        stream: 'game:1',
        key: factKey(String(++facts)),
        type: 'counted',
        payload: { count: facts },
        occurredAt: new Date(),
      }),
    )
  return { openOne, append, look }
}

/** What `/metrics` says of this library. */
async function tell(metrics: ReturnType<typeof createMetrics>): Promise<string[]> {
  const http = createServer((request, response) => void metrics.route.handle(request, response, ''))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  await new Promise((resolve) => http.close(resolve))
  return text.split('\n').filter((line) => line.startsWith('courtside_streams_'))
}

describe('the streams of a subgraph', () => {
  test('reach readers in another process, and are told of in its metrics', async () => {
    const metrics = createMetrics()
    const { openOne, append } = await openLog(createStreamMetrics(metrics))
    const [writer, reader] = [openOne(), openOne()]
    const came = Promise.withResolvers<readonly Fact[]>()
    reader.hub.subscribe('game:1', 'start', (event) => {
      if (event.kind === 'facts') came.resolve(event.facts)
      return undefined
    })
    await append(writer)
    expect(await came.promise).toMatchObject([{ stream: 'game:1', seq: 1, payload: { count: 1 } }])
    // Both are of one name here: what they count adds up.
    const told = await tell(metrics)
    expect(told).toContain('courtside_streams_facts_total{log="club"} 1')
    expect(told).toContain('courtside_streams_followed{log="club"} 1')
    expect(await tell(metrics)).toContain('courtside_streams_facts_total{log="club"} 1')
    await Promise.all([writer.close(), reader.close()])
  })

  test('end in order: whoever reads is told, and nothing stays connected', async () => {
    const { openOne, look } = await openLog()
    const streams = openOne()
    const ended = Promise.withResolvers<string>()
    const missed = Promise.withResolvers<void>()
    streams.bus.listen({ onHint: () => undefined, onMissed: () => missed.resolve() })
    await missed.promise
    streams.hub.subscribe('game:1', 'live', (event) => {
      if (event.kind === 'end') ended.resolve(event.reason)
      return undefined
    })
    await streams.close()
    expect(await ended.promise).toBe('draining')
    const sessions = await look(
      `SELECT FROM pg_stat_activity WHERE application_name = 'courtside-club-bus' AND datname = current_database()`,
    )
    expect(sessions).toHaveLength(0)
  })
})
