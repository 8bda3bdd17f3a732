import { once } from 'node:events'
import { afterEach, describe, expect, test } from '@jest/globals'
import { DEFAULT_WEBSOCKET_LIMITS } from './websocket-limits.ts'
import {
  openWebSockets,
  type TestClient,
  type WebSocketFixture,
  type WebSocketFixtureOptions,
} from '../../fixtures/websocket/websocket-fixture.ts'

let fixture: WebSocketFixture
const open = async (options?: WebSocketFixtureOptions) => {
  fixture = await openWebSockets(options)
  return fixture
}
afterEach(() => fixture.close())

const subscribed = async (client: TestClient, count: number) => {
  client.subscribe('s')
  return fixture.operations.untilBegun(count)
}

describe('a flood', () => {
  test('of messages closes its connection with 4291, and no other', async () => {
    const { ready } = await open({ limits: { messages: { burst: 20, perSecond: 10 } } })
    const flooder = await ready()
    const other = await ready()
    for (let n = 0; n < 25; n += 1) flooder.send({ type: 'pong' })
    expect(await flooder.closed).toEqual({ code: 4291, reason: 'Too many messages: send fewer in a second' })
    expect(await other.untilNow()).toEqual([])
  })

  test('of pings of the frames themselves counts as well', async () => {
    const { connect } = await open({ limits: { messages: { burst: 20, perSecond: 10 } } })
    const client = await connect()
    for (let n = 0; n < 25; n += 1) client.socket.ping()
    expect((await client.closed).code).toBe(4291)
  })

  test('is none when the messages are spread over time', async () => {
    const { ready, timers } = await open({ limits: { messages: { burst: 20, perSecond: 10 } } })
    const client = await ready()
    for (let second = 0; second < 20; second += 1) {
      for (let n = 0; n < 9; n += 1) client.send({ type: 'pong' })
      expect(await client.untilNow()).toEqual([])
      timers.advance(1_000)
    }
  })

  test('of operations is refused one by one, and completing makes room', async () => {
    const { ready, operations } = await open({ limits: { operations: 3 } })
    const client = await ready()
    for (const id of ['1', '2', '3', '4']) client.subscribe(id)
    const refusal = await client.next()
    expect(refusal).toMatchObject({ id: '4', type: 'error' })
    expect(JSON.stringify(refusal)).toContain('TOO_MANY_OPERATIONS')
    client.send({ id: '2', type: 'complete' })
    client.subscribe('4')
    await operations.untilBegun(4)
    expect(await client.untilNow()).toEqual([])
    expect(fixture.sockets.figures().operations).toBe(3)
  })

  test('of connections is answered 503 with a time to wait, until one has gone', async () => {
    const { connect, refusedUpgrade } = await open({ connections: { process: 2 } })
    const client = await connect()
    await connect()
    const refused = await refusedUpgrade()
    expect(refused).toMatchObject({ status: 503, errors: [{ extensions: { code: 'TOO_MANY_CONNECTIONS' } }] })
    expect(refused.headers['retry-after']).toBe('5')
    client.socket.close()
    await client.closed
    await connect()
  })

  test('of connections from one address is answered 429, and others are let in', async () => {
    const { connect, refusedUpgrade } = await open({ connections: { address: 2 } })
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
    await connect(undefined, from('2001:db8::1'))
    const client = await connect(undefined, from('2001:db8::2'))
    expect((await refusedUpgrade(from('2001:db8::3'))).status).toBe(429)
    await connect(undefined, from('2001:db8:1::1'))
    client.socket.close()
    await client.closed
    await connect(undefined, from('2001:db8::3'))
  })

  test('of connections that are opened and closed again is answered 429, and others are let in', async () => {
    const { connect, refusedUpgrade, clock, limited } = await open({ limits: { handshakesPerMinute: 5 } })
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
    for (let n = 0; n < 5; n += 1) {
      const client = await connect(undefined, from('2001:db8::1'))
      client.socket.close()
      await client.closed
    }
    const refused = await refusedUpgrade(from('2001:db8::2'))
    expect(refused).toMatchObject({ status: 429, errors: [{ extensions: { code: 'RATE_LIMITED' } }] })
    expect(refused.headers['retry-after']).toBe('12')
    expect(limited).toEqual(['address'])
    await connect(undefined, from('2001:db8:1::1'))
    clock.advance(12_000)
    await connect(undefined, from('2001:db8::2'))
  })

  test('of handshakes that are none counts as well', async () => {
    const { refusedUpgrade } = await open({ limits: { handshakesPerMinute: 2 } })
    for (let n = 0; n < 2; n += 1) expect((await refusedUpgrade({}, '/other')).status).toBe(404)
    expect((await refusedUpgrade({}, '/other')).status).toBe(429)
  })

  test('of connections is counted wherever the counts are kept', async () => {
    const { connect, refusedUpgrade } = await open({
      limits: { handshakesPerMinute: 1 },
      rateLimiter: (limiter) => ({ take: async (...what) => limiter.take(...what) }),
    })
    const client = await connect()
    await client.init()
    expect((await refusedUpgrade()).status).toBe(429)
  })

  test('is none when all clients of one address come back three times in a minute', () => {
    const { connections, handshakesPerMinute } = DEFAULT_WEBSOCKET_LIMITS
    expect(handshakesPerMinute).toBeGreaterThanOrEqual(3 * connections.address)
  })

  test('of connections of one person is closed with 1013, and others of them go on', async () => {
    const { connect, ready, authentication } = await open({ connections: { person: 1 } })
    authentication.signIn('one', 'ada')
    authentication.signIn('two', 'bob')
    const first = await ready({ authorization: 'Bearer one' })
    const second = await connect()
    second.send({ type: 'connection_init', payload: { authorization: 'Bearer one' } })
    expect(await second.closed).toEqual({
      code: 1013,
      reason: 'Too many connections are open with this credential',
    })
    await ready({ authorization: 'Bearer two' })
    first.socket.close()
    await first.closed
    await ready({ authorization: 'Bearer one' })
  })
})

describe('a client that stops reading', () => {
  const large = { data: 'x'.repeat(256 * 1024) }

  /** Nothing is read from it any more, so what is sent stays in our hands once the network's own buffers are full. */
  async function stuck() {
    const client = await fixture.ready()
    const operation = await subscribed(client, fixture.operations.begun.length + 1)
    client.socket.pause()
    while (operation.said.at(-1) !== 'full') {
      fixture.operations.publish(large)
      await new Promise(setImmediate)
    }
    return { client, operation }
  }

  test('is closed with 4290 after thirty seconds, and others get all', async () => {
    const { ready, operations, timers, sockets } = await open()
    const { client } = await stuck()
    const other = await ready()
    await subscribed(other, 2)
    expect(sockets.figures().full).toBe(1)
    timers.advance(29_000)
    expect(await other.untilNow()).toEqual([])
    expect(sockets.figures().full).toBe(1)
    timers.advance(1_000)
    await operations.untilStopped(1)
    operations.publish({ data: 'after' })
    expect(await other.next()).toEqual({ id: 's', type: 'next', payload: { data: 'after' } })
    client.socket.resume()
    expect(await client.closed).toMatchObject({ code: 4290 })
    expect(sockets.figures()).toMatchObject({ operations: 1, full: 0 })
  })

  test('is closed when it holds more than a megabyte', async () => {
    const { operations } = await open()
    const { client } = await stuck()
    for (let n = 0; n < 6; n += 1) operations.publish(large)
    await operations.untilStopped(1)
    client.socket.resume()
    expect((await client.closed).code).toBe(4290)
  })

  test('and goes on in time is told so, and sent what came, in order and unharmed', async () => {
    const { operations, sockets } = await open()
    const { client, operation } = await stuck()
    const sent = operation.said.length
    expect(operation.readies).toBe(0)
    client.socket.resume()
    for (let n = 0; n < sent; n += 1)
      expect(await client.next()).toEqual({ id: 's', type: 'next', payload: large })
    expect(await client.untilNow()).toEqual([])
    expect(operation.readies).toBe(1)
    expect(sockets.figures().full).toBe(0)
    operations.publish({ data: 'more' })
    expect(await client.next()).toMatchObject({ payload: { data: 'more' } })
  })

  test('does not change what others with ids of the same length are sent', async () => {
    const { ready, operations } = await open()
    const { client, operation } = await stuck()
    const other = await ready()
    other.subscribe('t')
    await operations.untilBegun(2)
    operations.publish({ data: 'shared' })
    expect(await other.next()).toEqual({ id: 't', type: 'next', payload: { data: 'shared' } })
    client.socket.resume()
    const ids = new Set<unknown>()
    for (let n = 0; n < operation.said.length; n += 1) ids.add((await client.next())['id'])
    expect([...ids]).toEqual(['s'])
  })
})

describe('a connection with nobody at the other end', () => {
  test('is ended within a minute, and one that answers is not', async () => {
    const { start, ready, timers, sockets } = await open()
    const alive = await ready()
    const dead = start('graphql-transport-ws', { autoPong: false })
    await once(dead, 'open')
    dead.send('{"type":"connection_init"}')
    await once(dead, 'message')
    for (let second = 1; second < 58; second += 1) {
      timers.advance(1_000)
      await alive.untilNow()
    }
    expect(sockets.figures().connections).toBe(2)
    timers.advance(2_000)
    await once(dead, 'close')
    expect(await alive.untilNow()).toEqual([])
  })

  test('is asked after 25 seconds, before proxies close what is silent', async () => {
    const { ready, timers } = await open()
    const client = await ready()
    timers.advance(24_000)
    await client.untilNow()
    const pinged = once(client.socket, 'ping')
    timers.advance(1_000)
    await pinged
  })
})

describe('a drain', () => {
  test('closes with 1012, spread over its time, and lets nobody in', async () => {
    const { ready, refusedUpgrade, sockets, timers, operations } = await open()
    const clients = await Promise.all(Array.from({ length: 20 }, () => ready()))
    await subscribed(clients[0]!, 1)
    let drained = false
    const draining = sockets.drain(10_000).then(() => (drained = true))
    const refused = await refusedUpgrade()
    expect(refused.status).toBe(503)
    expect(refused.headers['retry-after']).toBe('1')
    let closed = 0
    const tenth = Promise.withResolvers<void>()
    for (const client of clients) void client.closed.then(() => (closed += 1) === 10 && tenth.resolve())
    timers.advance(4_500)
    await tenth.promise
    const openStill = clients.filter(({ socket }) => socket.readyState === socket.OPEN)
    expect(openStill.length).toBeGreaterThanOrEqual(8)
    expect(drained).toBe(false)
    timers.advance(4_600)
    expect(
      (await Promise.all(clients.map((client) => client.closed))).every(({ code }) => code === 1012),
    ).toBe(true)
    await operations.untilStopped(1)
    await draining
  })

  test('cuts off who does not answer when the time is over', async () => {
    const { ready, sockets, timers } = await open()
    const client = await ready()
    client.socket.pause()
    const draining = sockets.drain(1_000)
    timers.advance(1_000)
    await draining
    expect(sockets.figures().connections).toBe(0)
  })
})
