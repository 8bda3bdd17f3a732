import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Client, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { openWebSockets, type WebSocketFixture } from '../../fixtures/websocket/websocket-fixture.ts'

/** The client that Apollo, urql and Relay use. */

let fixture: WebSocketFixture
let client: Client
beforeEach(async () => {
  fixture = await openWebSockets()
  fixture.authentication.signIn('adas', 'ada')
  client = createClient({
    url: `${fixture.address}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: 'Bearer adas' },
    retryWait: async () => {},
  })
})
afterEach(async () => {
  await client.dispose()
  await fixture.close()
})

test('runs queries and subscriptions side by side', async () => {
  const games = client.iterate({ query: 'subscription { game }' })
  const first = games.next()
  const { request } = await fixture.operations.untilBegun(1)
  expect(request.holder.authenticated.principal.userId).toBe('ada')
  fixture.operations.publish({ data: { score: 1 } }, { data: { score: 2 } })
  expect(await first).toEqual({ done: false, value: { data: { score: 1 } } })
  expect(await games.next()).toEqual({ done: false, value: { data: { score: 2 } } })
  const answers = client.iterate({ query: 'query { answer }' })
  expect(await answers.next()).toEqual({ done: false, value: { data: { answer: 42 } } })
  expect(await answers.next()).toEqual({ done: true, value: undefined })
  await games.return?.()
  await fixture.operations.untilStopped(1)
})

test('is told why an operation is refused', async () => {
  await expect(client.iterate({ query: 'refuse' }).next()).rejects.toEqual([
    { message: 'No such field.', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
  ])
})

test('comes back by itself after a drain, and subscribes again', async () => {
  const games = client.iterate({ query: 'subscription { game }' })
  const first = games.next()
  await fixture.operations.untilBegun(1)
  const other = await openWebSockets()
  other.authentication.signIn('adas', 'ada')
  try {
    // The address of one server behind a proxy that has another one already.
    fixture.sockets.handleUpgrade = other.sockets.handleUpgrade
    const drained = fixture.sockets.drain(100)
    fixture.timers.advance(100)
    await Promise.all([drained, fixture.operations.untilStopped(1)])
    await other.operations.untilBegun(1)
    other.operations.publish({ data: 'again' })
    expect(await first).toEqual({ done: false, value: { data: 'again' } })
  } finally {
    await games.return?.()
    await other.close()
  }
})
