import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { IDENTITY_HEADER } from '@courtside/auth'
import { type WebSocket, WebSocketServer } from 'ws'
import { HeardEvents } from '../fixtures/heard-events.ts'
import { openSubscribedSubgraph, type SubscribedSubgraph } from '../fixtures/subscribed-subgraph.ts'
import type { Listening } from '../event-receiver.ts'
import type { SubgraphTransport, TransportRequest } from '../subgraph-transport.ts'
import { httpTransport, type HttpTransportOptions } from './http-transport.ts'

let subgraph: SubscribedSubgraph
const transports: SubgraphTransport[] = []
beforeEach(async () => {
  subgraph = await openSubscribedSubgraph()
})
afterEach(async () => {
  for (const transport of transports.splice(0)) await transport.close?.()
  await subgraph.close()
})

/** Listens over a transport of its own. */
function connectTo(url: string, options: HttpTransportOptions = {}) {
  const transport = httpTransport(url, { responseBytes: 10_000, ...options })
  transports.push(transport)
  return (request: TransportRequest): HeardEvents & { listening: Listening } => {
    const heard = new HeardEvents()
    if (!transport.subscribe) throw new Error('It carries no subscriptions')
    return Object.assign(heard, { listening: transport.subscribe(request, heard) })
  }
}

describe('subscriptions over one socket', () => {
  test('are a thousand on one connection', async () => {
    const listen = connectTo(subgraph.url)
    const all = Array.from({ length: 1_000 }, (_, id) => listen(subgraph.changed(String(id))))
    const sources = await Promise.all(all.map((_, id) => subgraph.source(String(id))))
    for (const [n, source] of sources.entries()) source.push({ changed: { n } })
    await Promise.all(all.map((heard) => heard.until(1)))
    expect(all.map(({ data }) => data)).toEqual(
      all.map((_, n) => [{ changed: { n, text: null, requestId: 'request-of-test' } }]),
    )
    expect(subgraph.connections).toHaveLength(1)
  })

  test('begin no more when the transport has been closed', async () => {
    const transport = httpTransport(subgraph.url)
    await transport.close?.()
    const heard = new HeardEvents()
    transport.subscribe?.(subgraph.changed('1'), heard)
    expect(await heard.ended).toMatchObject({ how: 'failed', failure: { kind: 'unsent' } })
    expect(subgraph.connections).toHaveLength(0)
  })

  test('all fail with one failure when it breaks, and come back on one connection', async () => {
    const listen = connectTo(subgraph.url)
    const ids = Array.from({ length: 100 }, (_, id) => String(id))
    const all = ids.map((id) => listen(subgraph.changed(id)))
    const sources = await Promise.all(ids.map((id) => subgraph.source(id)))
    ids.forEach((id) => subgraph.forget(id))
    subgraph.connections[0]?.destroy()
    const ends = await Promise.all(all.map(({ ended }) => ended))
    expect(new Set(ends.map(({ failure }) => failure)).size).toBe(1)
    expect(ends[0]).toMatchObject({ how: 'failed', failure: { kind: 'lost' } })
    await Promise.all(sources.map(({ left }) => left))

    const again = ids.map((id) => listen(subgraph.changed(id)))
    for (const id of ids) (await subgraph.source(id)).push({ changed: { n: 1 } })
    await Promise.all(again.map((heard) => heard.until(1)))
    expect(subgraph.connections).toHaveLength(2)
  })

  test('fail when nobody answers at the address, and come back when somebody does', async () => {
    const listen = connectTo(subgraph.url)
    const { port } = subgraph
    await subgraph.close()
    const failures = [1, 2, 3].map(() => listen(subgraph.changed('a')))
    for (const { ended } of failures) {
      expect(await ended).toMatchObject({ how: 'failed', failure: { kind: 'unsent' } })
    }
    subgraph = await openSubscribedSubgraph(port)
    const heard = listen(subgraph.changed('a'))
    ;(await subgraph.source('a')).push({ changed: { n: 1 } })
    await heard.until(1)
  })

  test('try again together, however many insist at once', async () => {
    const refusing = createTcpServer((socket) => {
      attempts++
      socket.destroy()
    })
    let attempts = 0
    refusing.listen(0, '127.0.0.1')
    await once(refusing, 'listening')
    const listen = connectTo(`http://127.0.0.1:${(refusing.address() as AddressInfo).port}`)
    const insist = async (id: string) => {
      for (let times = 0; times < 3; times++) await listen(subgraph.changed(id)).ended
    }
    await Promise.all(Array.from({ length: 500 }, (_, id) => insist(String(id))))
    expect(attempts).toBe(3)
    refusing.close()
  })

  test('fail when the subgraph drains, so that they go on elsewhere', async () => {
    const heard = connectTo(subgraph.url)(subgraph.changed('a'))
    const source = await subgraph.source('a')
    subgraph.subgraph.socket.drain()
    await source.left
    expect((await heard.ended).failure?.message).toContain('1012')
    const next = connectTo(subgraph.url)(subgraph.changed('a'))
    expect(await next.ended).toMatchObject({ failure: { kind: 'busy' } })
  })

  test('fail when the other end is frozen', async () => {
    const heard = connectTo(subgraph.url, { heartbeatMs: 50 })(subgraph.changed('a'))
    await subgraph.source('a')
    subgraph.connections[0]?.pause()
    expect(await heard.ended).toMatchObject({ how: 'failed', failure: { kind: 'lost' } })
  })

  test('fail when the other end is frozen before it has opened', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    silent.on('upgrade', () => undefined)
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const heard = connectTo(`http://127.0.0.1:${port}`, { connectTimeoutMs: 100 })(subgraph.changed('a'))
    expect(await heard.ended).toMatchObject({ how: 'failed', failure: { kind: 'unsent' } })
    silent.close()
    silent.closeAllConnections()
  })

  test('fail one by one when only the assertion of one is bad', async () => {
    const listen = connectTo(subgraph.url)
    const good = listen(subgraph.changed('a'))
    const source = await subgraph.source('a')
    const bad = listen(subgraph.changed('b', { [IDENTITY_HEADER]: 'somebody' }))
    // A new one is signed for each opening, so it may be better then.
    expect(await bad.ended).toMatchObject({ how: 'failed', failure: { kind: 'busy' } })
    source.push({ changed: { n: 1 } })
    await good.until(1)
  })

  test('fail when an event is larger than an answer may be', async () => {
    const heard = connectTo(subgraph.url)(subgraph.changed('a'))
    ;(await subgraph.source('a')).push({ changed: { n: 1, text: 'x'.repeat(20_000) } })
    expect((await heard.ended).failure?.message).toMatch(/payload/i)
  })

  test('give up the connection when they have all been left for a while', async () => {
    const listen = connectTo(subgraph.url, { idleMs: 1 })
    const heard = listen(subgraph.changed('a'))
    const source = await subgraph.source('a')
    const closed = once(subgraph.connections[0] ?? fail(), 'close')
    heard.listening.stop()
    await source.left
    await closed
    subgraph.forget('a')
    listen(subgraph.changed('a'))
    await subgraph.source('a')
    expect(subgraph.connections).toHaveLength(2)
  })
})

describe('a subgraph that does not keep to the protocol', () => {
  let server: WebSocketServer
  let behave: (socket: WebSocket, message: { type: string; id: string }) => void
  let listen: ReturnType<typeof connectTo>
  beforeEach(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    server.on('connection', (socket) => {
      socket.on('message', (data) => {
        const message = JSON.parse((data as Buffer).toString()) as { type: string; id: string }
        if (message.type === 'connection_init') socket.send('{"type":"connection_ack"}')
        else behave(socket, message)
      })
    })
    await once(server, 'listening')
    listen = connectTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  })
  afterEach(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })

  test.each([
    ['no JSON', 'hello'],
    ['no message', '[]'],
    ['an unknown type', '{"type":"surprise","id":"1"}'],
  ])('fails all by %s', async (_, text) => {
    behave = (socket) => socket.send(text)
    const heard = listen(subgraph.changed('a'))
    expect(await heard.ended).toMatchObject({ how: 'failed', failure: { kind: 'useless' } })
  })

  test.each([
    ['nothing', undefined],
    ['neither data nor errors', {}],
    ['data that is a list', { data: [] }],
    ['a mark that is none', { data: { a: 1 }, extensions: { mark: { kind: 'place', cursor: 1 } } }],
  ])('fails one subscription, and leaves it, by an event with %s', async (_, payload) => {
    const left = Promise.withResolvers<string>()
    behave = (socket, { type, id }) => {
      if (type === 'complete') return left.resolve(id)
      socket.send(JSON.stringify({ id, type: 'next', payload: id === '1' ? payload : { data: { a: 1 } } }))
    }
    const bad = listen(subgraph.changed('a'))
    const good = listen(subgraph.changed('b'))
    expect(await bad.ended).toMatchObject({ how: 'failed', failure: { kind: 'useless' } })
    expect(await left.promise).toBe('1')
    await good.until(1)
  })

  test.each([
    ['nothing', undefined],
    ['no list', {}],
    ['an empty list', []],
  ])('fails one subscription by an error of %s', async (_, payload) => {
    behave = (socket, { id }) => socket.send(JSON.stringify({ id, type: 'error', payload }))
    const heard = listen(subgraph.changed('a'))
    expect(await heard.ended).toMatchObject({ how: 'failed', failure: { kind: 'useless' } })
  })

  test('is answered its pings, and its messages about nothing are nothing', async () => {
    const pong = Promise.withResolvers<string>()
    behave = (socket, message) => {
      if (message.type === 'pong') return pong.resolve(message.type)
      socket.send('{"type":"next","id":"99","payload":{"data":{}}}')
      socket.send('{"type":"ping"}')
    }
    const heard = listen(subgraph.changed('a'))
    expect(await pong.promise).toBe('pong')
    expect([heard.events, heard.ends]).toEqual([[], []])
  })
})

function fail(): never {
  throw new Error('There is no connection')
}
