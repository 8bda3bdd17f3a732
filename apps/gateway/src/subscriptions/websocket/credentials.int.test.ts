import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  type Message,
  openWebSockets,
  type TestClient,
  type WebSocketFixture,
} from '../../fixtures/websocket/websocket-fixture.ts'
import { sentCredential } from './sent-credential.ts'

let fixture: WebSocketFixture
beforeEach(async () => {
  fixture = await openWebSockets()
  const { authentication, clock } = fixture
  authentication.signIn('adas', 'ada', clock.now().getTime() + 100_000)
  authentication.signIn('newer', 'ada', clock.now().getTime() + 1_000_000)
  authentication.signIn('bobs', 'bob')
})
afterEach(() => fixture.close())

/** Time for tokens and for timers, in which the client answers what it is asked; resolves with what it was sent. */
async function pass(client: TestClient, seconds: number) {
  const messages: Message[] = []
  for (let left = seconds; left > 0; left -= 10) {
    fixture.clock.advance(Math.min(10, left) * 1_000)
    fixture.timers.advance(Math.min(10, left) * 1_000)
    messages.push(...(await client.untilNow()))
  }
  return messages
}

const whoSubscribes = async (count = 1) =>
  (await fixture.operations.untilBegun(count)).request.holder.authenticated.principal.userId

describe('the credential of a connection', () => {
  test.each([
    [{ authorization: 'Bearer adas' }],
    [{ Authorization: 'Bearer adas' }],
    [{ 'x-api-key': 'adas' }],
    [{ headers: { authorization: 'Bearer adas' } }],
    [{ headers: { Authorization: 'Bearer adas' } }],
    [{ headers: { 'x-api-key': 'adas' } }],
    [{ authorization: null, headers: { authorization: 'Bearer adas' } }],
    [{ authorization: 'Bearer adas', headers: { authorization: 'Bearer bobs' } }],
  ])('is read from %j', async (payload) => {
    const client = await fixture.ready(payload)
    client.subscribe('1')
    expect(await whoSubscribes()).toBe('ada')
  })

  test.each([
    [undefined],
    [{}],
    [{ headers: 'authorization' }],
    [{ headers: [{ authorization: 'Bearer adas' }] }],
    [{ nested: { authorization: 'Bearer adas' } }],
    [JSON.parse('{"__proto__":{"authorization":"Bearer adas"}}')],
    [JSON.parse('{"constructor":{"prototype":{"authorization":"Bearer adas"}}}')],
  ])('is none in %j', async (payload) => {
    const client = await fixture.ready(payload)
    client.subscribe('1')
    expect(await whoSubscribes()).toBeNull()
  })

  test('is none in what every object inherits', () => {
    expect(sentCredential(Object.create({ authorization: 'Bearer adas' }))).toBeNull()
    expect(sentCredential(Object.create({ headers: { authorization: 'Bearer adas' } }))).toBeNull()
  })

  test('may come with the headers of the upgrade', async () => {
    const client = await fixture.connect(undefined, { headers: { authorization: 'Bearer adas' } })
    await client.init()
    client.subscribe('1')
    expect(await whoSubscribes()).toBe('ada')
  })

  test('in the first message goes before that of the upgrade', async () => {
    const client = await fixture.connect(undefined, { headers: { 'x-api-key': 'bobs' } })
    await client.init({ authorization: 'Bearer adas' })
    client.subscribe('1')
    expect(await whoSubscribes()).toBe('ada')
  })
})

describe('a token that expires', () => {
  const reauthenticate = { type: 'ping', payload: { reauthenticate: { graceSeconds: 30 } } }

  test('is announced, and closes with 4403 after the grace', async () => {
    const client = await fixture.ready({ authorization: 'Bearer adas' })
    client.subscribe('1')
    await fixture.operations.untilBegun(1)
    expect(await pass(client, 99)).toEqual([])
    expect(await pass(client, 1)).toEqual([reauthenticate])
    expect(await pass(client, 29)).toEqual([])
    fixture.clock.advance(1_000)
    fixture.timers.advance(1_000)
    expect(await client.closed).toEqual({
      code: 4403,
      reason: 'The token has expired. Connect again with a newer one.',
    })
    await fixture.operations.untilStopped(1)
    expect(fixture.watch.held).toBe(0)
  })

  test.each(['ping', 'pong'])('is renewed by a %s that carries a newer one', async (type) => {
    const client = await fixture.ready({ authorization: 'Bearer adas' })
    expect(await pass(client, 100)).toEqual([reauthenticate])
    client.send({ type, payload: { authorization: 'Bearer newer' } })
    if (type === 'ping') expect(await client.next()).toEqual({ type: 'pong' })
    expect(await client.next()).toEqual({ type: 'pong', payload: { reauthenticated: true } })
    expect(await pass(client, 31)).toEqual([])
  })

  test('is not renewed by that of somebody else, and the client is told', async () => {
    const client = await fixture.ready({ authorization: 'Bearer adas' })
    client.send({ type: 'pong', payload: { headers: { authorization: 'Bearer bobs' } } })
    expect(await client.next()).toMatchObject({
      type: 'pong',
      payload: { reauthenticated: false, error: { extensions: { code: 'FORBIDDEN' } } },
    })
    client.subscribe('1')
    expect(await whoSubscribes()).toBe('ada')
  })
})

test('a revoked credential closes its connections with 4403 within a second, and no other', async () => {
  const { authentication, watch, timers, ready } = fixture
  const ada = await ready({ authorization: 'Bearer adas' })
  const bob = await ready({ authorization: 'Bearer bobs' })
  authentication.people.delete('ada')
  watch.accessChanged({ userId: 'ada', sessionId: null, apiKeyId: null })
  timers.advance(1_000)
  expect(await ada.closed).toEqual({ code: 4403, reason: 'This session has ended. Sign in again.' })
  expect(await bob.untilNow()).toEqual([])
})

test('an accounts that is away closes with 1013: come back later', async () => {
  const { authentication, timers, ready } = fixture
  const client = await ready({ authorization: 'Bearer bobs' })
  authentication.isDown = true
  expect(await pass(client, 299)).toEqual([])
  timers.advance(1_000)
  expect((await client.closed).code).toBe(1013)
})
