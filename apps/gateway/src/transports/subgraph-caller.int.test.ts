import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type CallerFixture, openCaller } from '../fixtures/caller-fixture.ts'
import {
  bytes,
  hangUp,
  json,
  openScriptedSubgraph,
  type Reply,
  type ScriptedSubgraph,
  silence,
  text,
} from '../fixtures/scripted-subgraph.ts'
import { ClientPresence, httpTransport, type SubgraphTransport, toFetchRequest } from './index.ts'

const QUERY = toFetchRequest({ query: '{ a }' })
const MUTATION = toFetchRequest({ query: 'mutation { a }' })

let subgraph: ScriptedSubgraph
let transport: SubgraphTransport
let fixture: CallerFixture
beforeEach(async () => {
  subgraph = await openScriptedSubgraph()
  transport = httpTransport(subgraph.url)
  fixture = await openCaller({ transports: { stats: transport } })
})
afterEach(async () => {
  await subgraph.close()
  await transport.close?.()
})

const ask = (request = QUERY, more: Partial<CallerFixture['caller']> = {}) =>
  fixture.calls.fetch('stats', request, { ...fixture.caller, ...more })

const good = json({ data: { a: 1 } })

describe('a subgraph over the wire', () => {
  test.each<[string, Reply]>([
    ['hangs up', hangUp],
    ['breaks off', bytes('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"data"')],
    ['is restarted behind a proxy', text('<html>', 502)],
    ['has no time', text('', 503, { 'retry-after': '0' })],
  ])('that %s once is asked again for a read', async (_, reply) => {
    subgraph.reply(reply, good)
    expect(await ask()).toEqual({ data: { a: 1 } })
    expect(subgraph.asked).toHaveLength(2)
  })

  test.each<[string, Reply]>([
    ['hangs up', hangUp],
    ['breaks off', bytes('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"data"')],
    ['is away from its proxy', text('<html>', 502)],
    ['has no time', text('', 503, { 'retry-after': '0' })],
  ])('that %s is sent a mutation once only', async (_, reply) => {
    subgraph.reply(reply, good)
    expect((await ask(MUTATION)).errors?.[0]?.extensions).toMatchObject({ retryable: false })
    // What would still come has had the time that this needs.
    await ask()
    expect(subgraph.asked.map(({ body }) => body.query)).toEqual(['mutation { a }', '{ a }'])
  })

  test('that asks for more patience than we have is asked once, and the client is told when to come', async () => {
    subgraph.reply(text('', 429, { 'retry-after': '20' }), good)
    expect((await ask()).errors?.[0]?.extensions).toEqual({
      code: 'SUBGRAPH_UNAVAILABLE',
      retryable: true,
      retryAfterSeconds: 20,
    })
    expect(subgraph.asked).toHaveLength(1)
  })

  test('that is down gets a mutation when it is up again, because it never had it', async () => {
    const { port } = new URL(subgraph.url)
    await subgraph.close()
    expect((await ask(MUTATION)).errors?.[0]?.extensions).toMatchObject({ retryable: true })
    expect(fixture.told).toEqual(['stats again', 'stats again', 'stats unavailable'])
    subgraph = await openScriptedSubgraph(Number(port))
    subgraph.reply(good)
    expect(await ask(MUTATION)).toEqual({ data: { a: 1 } })
  })

  test('that never answers is let go at the deadline', async () => {
    subgraph.reply(silence)
    const answer = ask()
    const { left } = await subgraph.next()
    fixture.time.now = 10_000
    expect((await answer).data).toBeNull()
    await left
  })

  test('that stops in the middle of its answer is let go at the deadline', async () => {
    subgraph.reply(({ response }) => response.writeHead(200).write('{"data":'))
    const answer = ask()
    const { left } = await subgraph.next()
    fixture.time.now = 10_000
    expect((await answer).data).toBeNull()
    await left
  })

  test('notices that the client has gone', async () => {
    subgraph.reply(silence)
    const client = new ClientPresence()
    const answer = ask(QUERY, { cancellation: client })
    const { left } = await subgraph.next()
    client.cancel()
    await left
    expect((await answer).data).toBeNull()
    expect(fixture.told).toEqual([])
  })

  test('cannot be told lies by a request id with a line break', async () => {
    const { errors } = await ask(QUERY, { requestId: 'r\r\nx-courtside-identity: admin' })
    expect(errors).toHaveLength(1)
    expect(subgraph.asked).toEqual([])
  })

  test('that fails is left alone, and asked again after a while', async () => {
    const { calls, time, told } = fixture
    subgraph.reply(json({ errors: [{ message: 'no database' }] }, 500))
    for (let call = 0; call < 20; call++) await ask()
    expect(calls.load()[0]?.breaker).toBe('open')
    subgraph.reply(good)
    expect((await ask()).data).toBeNull()
    expect(subgraph.asked).toHaveLength(20)
    time.now = 1_000
    expect(await ask()).toEqual({ data: { a: 1 } })
    expect(told.at(-1)).toBe('stats answered')
    expect(calls.load()[0]?.breaker).toBe('closed')
  })

  test('answers a hundred at a time', async () => {
    subgraph.reply(({ response, body }) => response.end(JSON.stringify({ data: body.variables })))
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => ask({ ...QUERY, variables: { n } })),
    )
    expect(answers.map(({ data }) => data?.['n'])).toEqual(Array.from({ length: 100 }, (_, n) => n))
    expect(fixture.calls.load()[0]).toMatchObject({ inFlight: 0, queued: 0 })
  })
})
