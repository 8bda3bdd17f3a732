import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  anonymous,
  createIdentitySigner,
  createIdentityVerifier,
  generateIdentityKeys,
  IDENTITY_HEADER,
} from '@courtside/auth'
import { createHttpEdge, type HttpEdge } from '@courtside/http'
import { silentLogger } from '@courtside/logger'
import { type RawData, WebSocket } from 'ws'
import { EventChannel } from '../fixtures/event-channel.ts'
import { createSubgraph, EVENT_MARK, type RequestContext, type Subgraph } from '../index.ts'

const SDL = 'type Query { a: Int } type Subscription { changed: Int named(text: String): String }'
const keys = await generateIdentityKeys()
const signer = await createIdentitySigner(keys.privateKey)
const assertion = await signer.assertionFor(anonymous, 'changes')

let channel: EventChannel
let begun: number
let subgraph: Subgraph
let edge: HttpEdge
let url: string
const opened: WebSocket[] = []

beforeEach(async () => {
  channel = new EventChannel()
  begun = 0
  const subscribe = () => {
    begun++
    return channel
  }
  subgraph = await createSubgraph<RequestContext>({
    name: 'changes',
    typeDefs: SDL,
    resolvers: { Subscription: { changed: { subscribe }, named: { subscribe } } },
    createContext: (request) => request,
    identity: await createIdentityVerifier(keys.publicKey, 'changes'),
    readiness: { problems: async () => [] },
    log: silentLogger,
    introspection: false,
    close: async () => undefined,
  })
  edge = createHttpEdge({ routes: [subgraph.route], onUpgrade: subgraph.socket.onUpgrade, log: silentLogger })
  const { port } = await edge.listen({ host: '127.0.0.1', port: 0 })
  url = `ws://127.0.0.1:${port}/graphql`
})
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.terminate()
  subgraph.socket.drain()
  await edge.drain(0)
  await subgraph.stop()
})

interface Connecting {
  address?: string
  protocol?: string
  headers?: Record<string, string>
}

/** A gateway, or somebody who says so. */
function connect({
  address = url,
  protocol = 'graphql-transport-ws',
  headers = { [IDENTITY_HEADER]: assertion },
}: Connecting = {}) {
  const socket = new WebSocket(address, protocol, { headers })
  opened.push(socket)
  const messages: unknown[] = []
  const waiting: (() => void)[] = []
  socket.on('message', (data: RawData) => {
    messages.push(JSON.parse((data as Buffer).toString()))
    for (const look of waiting) look()
  })
  const closed = once(socket, 'close').then(([code, reason]) => [code, String(reason)])
  return {
    socket,
    messages,
    closed,
    send: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    until: (count: number) =>
      new Promise<void>((resolve) => {
        const look = () => messages.length >= count && resolve()
        waiting.push(look)
        look()
      }),
  }
}

async function initialised() {
  const client = connect()
  await once(client.socket, 'open')
  client.send({ type: 'connection_init' })
  await client.until(1)
  return client
}

const subscribe = (id: string, more: object = {}, headers: unknown = { [IDENTITY_HEADER]: assertion }) => ({
  id,
  type: 'subscribe',
  payload: { query: 'subscription { changed }', extensions: { headers }, ...more },
})

/** The status with which a handshake is refused. */
async function refusalOf(connecting: Connecting): Promise<number | undefined> {
  const { socket, closed } = connect(connecting)
  closed.catch(() => undefined)
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode?: number }]
  return response.statusCode
}

describe('the socket of a subgraph', () => {
  test('tells events with their marks, and the end', async () => {
    const client = await initialised()
    client.send(subscribe('1'))
    channel.push({ changed: 1, [EVENT_MARK]: { kind: 'key', key: 'k' } }, { changed: 2 })
    channel.end()
    await client.until(4)
    expect(client.messages).toEqual([
      { type: 'connection_ack' },
      {
        id: '1',
        type: 'next',
        payload: { data: { changed: 1 }, extensions: { mark: { kind: 'key', key: 'k' } } },
      },
      { id: '1', type: 'next', payload: { data: { changed: 2 } } },
      { id: '1', type: 'complete' },
    ])
  })

  test('frees the source of what is completed, and the id with it', async () => {
    const client = await initialised()
    client.send(subscribe('1'))
    channel.push({ changed: 1 })
    await client.until(2)
    client.send({ id: '1', type: 'complete' })
    await channel.left
    channel = new EventChannel()
    client.send(subscribe('1'))
    channel.push({ changed: 2 })
    await client.until(3)
    expect(client.messages[2]).toMatchObject({ id: '1', payload: { data: { changed: 2 } } })
  })

  test('frees the sources of a gateway that has gone', async () => {
    const client = await initialised()
    client.send(subscribe('1'))
    channel.push({ changed: 1 })
    await client.until(2)
    client.socket.terminate()
    await channel.left
  })

  test('answers pings', async () => {
    const client = await initialised()
    client.send({ type: 'ping' })
    await client.until(2)
    expect(client.messages[1]).toEqual({ type: 'pong' })
  })

  test('reads no further than a gateway that does not read', async () => {
    const client = await initialised()
    client.send(subscribe('1', { query: 'subscription { named }' }))
    client.socket.pause()
    const text = 'x'.repeat(1024 * 1024)
    for (let n = 0; n < 100; n++) channel.push({ named: text })
    // Until the network takes no more, each event is followed by the next.
    for (let asked = -1; asked !== channel.asked;) {
      asked = channel.asked
      for (let turns = 0; turns < 50; turns++) await new Promise(setImmediate)
    }
    expect(channel.asked).toBeLessThan(50)
    client.socket.resume()
    await client.until(101)
  })

  test('ends one subscription, and leaves it, whose event is more than a gateway takes', async () => {
    const client = await initialised()
    client.send(subscribe('1', { query: 'subscription { named }' }))
    channel.push({ named: 'x'.repeat(11 * 1024 * 1024) })
    await client.until(2)
    expect(client.messages[1]).toMatchObject({
      id: '1',
      type: 'error',
      payload: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    })
    await channel.left
    client.send({ type: 'ping' })
    await client.until(3)
  })

  test('closes when the process drains, and takes nobody else', async () => {
    const client = await initialised()
    client.send(subscribe('1'))
    channel.push({ changed: 1 })
    await client.until(2)
    subgraph.socket.drain()
    expect((await client.closed)[0]).toBe(1012)
    await channel.left
    expect(await refusalOf({})).toBe(503)
  })
})

describe('the socket of a subgraph and strangers', () => {
  const foreign = async () => {
    const stranger = await createIdentitySigner((await generateIdentityKeys()).privateKey)
    return stranger.assertionFor(anonymous, 'changes')
  }

  test.each<[string, () => Promise<Record<string, string>>]>([
    ['without an assertion', async () => ({})],
    ['with something else in its place', async () => ({ [IDENTITY_HEADER]: 'somebody' })],
    ['with one that a stranger signed', async () => ({ [IDENTITY_HEADER]: await foreign() })],
    [
      'with one for another subgraph',
      async () => ({ [IDENTITY_HEADER]: await signer.assertionFor(anonymous, 'others') }),
    ],
  ])('is opened to nobody %s, and lets nobody subscribe so', async (_, headersOf) => {
    const headers = await headersOf()
    expect(await refusalOf({ headers })).toBe(401)
    const client = await initialised()
    client.send(subscribe('1', {}, headers))
    await client.until(2)
    expect(client.messages[1]).toMatchObject({
      id: '1',
      type: 'error',
      payload: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    })
    expect(begun).toBe(0)
  })

  test.each([
    ['at another path', { address: '/other' }, 404],
    ['under another protocol', { protocol: 'graphql-ws' }, 400],
  ])('is not %s', async (_, { address, protocol }: { address?: string; protocol?: string }, status) => {
    const connecting = {
      ...(protocol !== undefined && { protocol }),
      ...(address !== undefined && { address: url.replace('/graphql', address) }),
    }
    expect(await refusalOf(connecting)).toBe(status)
  })

  test('is closed to whoever opens it and says nothing', async () => {
    const client = connect()
    expect((await client.closed)[0]).toBe(4408)
  })

  test.each<[string, number, unknown]>([
    ['what is no message', 4400, 'hello'],
    ['a message of the wrong shape', 4400, { type: 'subscribe', id: 1 }],
    ['what only a server says', 4400, { type: 'complete_all' }],
    ['an event', 4400, { id: '1', type: 'next', payload: { data: {} } }],
    ['a second beginning', 4429, { type: 'connection_init' }],
    ['more than a frame may hold', 1009, { type: 'ping', payload: { text: 'x'.repeat(1024 * 1024) } }],
  ])('is closed to whoever sends %s', async (_, code, message) => {
    const client = await initialised()
    client.send(message)
    expect((await client.closed)[0]).toBe(code)
  })

  test('is closed to whoever sends bytes', async () => {
    const client = await initialised()
    client.socket.send(Buffer.from('{"type":"ping"}'))
    expect((await client.closed)[0]).toBe(4400)
  })

  test('is closed to whoever subscribes before it is opened', async () => {
    const client = connect()
    await once(client.socket, 'open')
    client.send(subscribe('1'))
    expect((await client.closed)[0]).toBe(4401)
    expect(begun).toBe(0)
  })

  test('is closed to whoever uses an id twice, and everything of theirs ends', async () => {
    const client = await initialised()
    client.send(subscribe('1'))
    client.send(subscribe('1'))
    expect((await client.closed)[0]).toBe(4409)
  })

  test.each([
    ['no headers', undefined],
    ['headers that are none', 'text'],
    ['a list of headers', [[IDENTITY_HEADER, assertion]]],
    ['headers that are no text', { [IDENTITY_HEADER]: { toString: 1 } }],
  ])('takes nothing for an assertion in %s', async (_, headers) => {
    const client = await initialised()
    client.send(subscribe('1', { extensions: { headers } }))
    await client.until(2)
    expect(client.messages[1]).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    })
  })
})
