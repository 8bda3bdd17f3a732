import { expect, test } from '@jest/globals'
import { WebSocket } from 'ws'
import { openLiveGateway } from './fixtures/live-gateway-fixture.ts'
import type { TestClient } from './fixtures/websocket/websocket-fixture.ts'
import { openStream } from './fixtures/stream-reader.ts'

const WATCH = 'subscription { scored(game: "1") { seq moment { text } } }'

test('a gateway that stops sends its clients away one after the other, and serves them until then', async () => {
  const fixture = await openLiveGateway('http')
  const clients = await Promise.all(Array.from({ length: 20 }, () => fixture.connect()))
  for (const client of clients) {
    client.subscribe('1', WATCH)
    await client.next()
  }
  const stream = await openStream(`${fixture.url}/graphql`, {
    accept: 'multipart/mixed;subscriptionSpec=1.0',
    query: WATCH,
  })
  await stream.until('"seq":0')

  const leftAt: number[] = []
  const leaving: TestClient[] = []
  const closings = Promise.all(
    clients.map(async (client) => {
      const closing = await client.closed
      leaving.push(client)
      leftAt.push(performance.now())
      if (leaving.length === 1) fixture.scores.score('1')
      return closing
    }),
  )
  const stopped = fixture.gateway.stop()
  const refused = new Promise<number | undefined>((resolve) => {
    const late = new WebSocket(fixture.socketUrl, 'graphql-transport-ws')
    late.on('unexpected-response', (_, response) => resolve(response.statusCode))
    late.on('error', () => resolve(undefined))
  })
  expect([503, undefined]).toContain(await refused)
  expect(await closings).toEqual(
    clients.map(() => ({ code: 1012, reason: 'Reconnect: this server is going away' })),
  )
  await stream.ended
  expect(stream.text).toContain('"code":"DRAINING"')
  // Twenty at equal distances within nine tenths of twelve seconds: the half of them after the half of that.
  const between = (from: number, to: number) => (leftAt[to] ?? 0) - (leftAt[from] ?? 0)
  expect(between(0, 10)).toBeGreaterThan(2_000)
  expect(between(10, 19)).toBeGreaterThan(2_000)

  // Who was still there was told what happened meanwhile.
  expect(await leaving.at(-1)?.next()).toMatchObject({ payload: { data: { scored: { seq: 1 } } } })
  await stopped
  await fixture.scores.untilOpen(0)
  await fixture.stop()
}, 40_000)
