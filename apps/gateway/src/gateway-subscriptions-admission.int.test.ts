import { hash } from 'node:crypto'
import { afterEach, describe, expect, test } from '@jest/globals'
import { DEFAULT_LIMITS, type GatewayOptions } from './compose.ts'
import { type LiveGatewayFixture, openLiveGateway } from './fixtures/live-gateway-fixture.ts'
import { openStream } from './fixtures/stream-reader.ts'
import type { Message, TestClient } from './fixtures/websocket/websocket-fixture.ts'

const WATCH = 'subscription Watch { scored(game: "1") { seq moment { text } } }'
const LISTED = {
  operations: [{ id: hash('sha256', WATCH), name: 'Watch', type: 'subscription' as const, body: WATCH }],
}

let fixture: LiveGatewayFixture
const open = async (options: Partial<GatewayOptions> = {}) => {
  fixture = await openLiveGateway('in-process', options)
}
afterEach(() => fixture.stop())

const ask = (client: TestClient, id: string, payload: object) =>
  client.send({ id, type: 'subscribe', payload })
const codesOf = ({ type, payload }: Message) =>
  type === 'error'
    ? (payload as { extensions: { code: string } }[]).map(({ extensions }) => extensions.code)
    : type
/** What is told first of this operation. Others on the connection may have been told more meanwhile. */
const answerTo = async (client: TestClient, id: string, payload: object) => {
  ask(client, id, payload)
  for (;;) {
    const message = await client.next()
    if (message['id'] === id) return codesOf(message)
  }
}

describe('an operation over a socket', () => {
  test.each<[string, Partial<GatewayOptions>, object, string]>([
    [
      'with a fault',
      {},
      { query: 'subscription { scored(game: "1") { place } }' },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'with a name that is a trap',
      {},
      { query: 'subscription { __proto__: scored(game: "1") { seq } }' },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'that is named by a trap',
      {},
      { query: 'subscription __proto__ { scored(game: "1") { seq } }' },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'with too many aliases',
      { limits: { aliases: 1 } },
      { query: 'subscription { scored(game: "1") { a: seq b: seq } }' },
      'ALIAS_LIMIT_EXCEEDED',
    ],
    ['that costs too much', { limits: { cost: 1 } }, { query: WATCH }, 'COST_LIMIT_EXCEEDED'],
    [
      'that is not listed',
      { operations: LISTED, safelist: 'required' },
      { query: 'subscription { scored(game: "1") { seq } }' },
      'OPERATION_NOT_LISTED',
    ],
    [
      'with a hash that nobody knows',
      {},
      { extensions: { persistedQuery: { version: 1, sha256Hash: hash('sha256', WATCH) } } },
      'PERSISTED_QUERY_NOT_FOUND',
    ],
    [
      'for who is signed in',
      {},
      { query: 'subscription { scored(game: "1") { reader } }' },
      'UNAUTHENTICATED',
    ],
    [
      'whose other subgraph wants somebody signed in',
      {},
      { query: 'subscription { scored(game: "1") { moment { note } } }' },
      'UNAUTHENTICATED',
    ],
  ])('%s is refused, and no subgraph hears of it', async (_, options, payload, code) => {
    await open(options)
    const client = await fixture.connect()
    expect(await answerTo(client, '1', payload)).toEqual([code])
    expect(fixture.scores.asked).toEqual([])
    expect(await fixture.figures('courtside_gateway_websocket_operations')).toEqual({ '': 0 })
  })

  test('that needs a scope is refused to a person without it', async () => {
    await open()
    const { token } = await fixture.accounts.signIn('viewer')
    const client = await fixture.connect({ authorization: `Bearer ${token}` })
    const query = 'subscription { scored(game: "1") { scouting } }'
    expect(await answerTo(client, '1', { query })).toEqual(['FORBIDDEN'])
    expect(fixture.scores.asked).toEqual([])
  })

  test('that is listed runs by its id alone', async () => {
    await open({ operations: LISTED, safelist: 'required' })
    const client = await fixture.connect()
    const byId = { extensions: { persistedQuery: { version: 1, sha256Hash: hash('sha256', WATCH) } } }
    expect(await answerTo(client, '1', byId)).toBe('next')
  })

  test('is learned by its hash once, for whoever sends the hash later', async () => {
    await open()
    const extensions = { persistedQuery: { version: 1, sha256Hash: hash('sha256', WATCH) } }
    const first = await fixture.connect()
    expect(await answerTo(first, '1', { query: WATCH, extensions })).toBe('next')
    const second = await fixture.connect()
    expect(await answerTo(second, '1', { extensions })).toBe('next')
    expect(fixture.scores.asked).toEqual(['1'])
  })

  test('counts as a request, wherever its connection is', async () => {
    await open({ limits: { requestsPerMinute: { ...DEFAULT_LIMITS.requestsPerMinute, address: 3 } } })
    const first = await fixture.connect()
    const second = await fixture.connect()
    expect(await answerTo(first, '1', { query: WATCH })).toBe('next')
    expect(await answerTo(second, '1', { query: WATCH })).toBe('next')
    expect(await answerTo(first, '2', { query: WATCH })).toBe('next')
    expect(await answerTo(second, '2', { query: WATCH })).toEqual(['RATE_LIMITED'])
  })
})

describe.each(['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'])(
  'an operation over %s, where only listed ones run',
  (accept) => {
    const UNLISTED = 'subscription { scored(game: "1") { seq } }'
    const stream = async (body: object, accepted = accept) => {
      await open({ operations: LISTED, safelist: 'required' })
      return openStream(`${fixture.url}/graphql`, { accept: accepted, ...body })
    }

    test('runs when it is listed', async () => {
      const answer = await stream({ query: WATCH })
      await answer.until('"seq":0')
      answer.leave()
    })

    test('runs by its id alone', async () => {
      const answer = await stream({ documentId: `sha256:${hash('sha256', WATCH)}` })
      await answer.until('"seq":0')
      answer.leave()
    })

    test('is refused in the words of the stream when it is not listed, and no subgraph hears of it', async () => {
      const answer = await stream({ query: UNLISTED })
      expect(await answer.ended).toBe(true)
      expect(answer.text).toContain('OPERATION_NOT_LISTED')
      expect(fixture.scores.asked).toEqual([])
    })

    test('is refused with its status where JSON is accepted as well', async () => {
      const answer = await stream({ query: UNLISTED }, `${accept}, application/json`)
      expect(await answer.ended).toBe(true)
      expect(answer.status).toBe(403)
      expect(JSON.parse(answer.text)).toMatchObject({
        errors: [{ extensions: { code: 'OPERATION_NOT_LISTED' } }],
      })
      expect(fixture.scores.asked).toEqual([])
    })
  },
)

test('an operation is paid for by its caller, and its events are not', async () => {
  await open({ limits: { costPerMinute: { ...DEFAULT_LIMITS.costPerMinute, person: 100 } } })
  // Whoever sends it first pays for that as well.
  await answerTo(await fixture.connect(), '1', { query: WATCH })
  const allowedWith = async (events: number) => {
    const { token } = await fixture.accounts.signIn('viewer')
    const client = await fixture.connect({ authorization: `Bearer ${token}` })
    expect(await answerTo(client, '0', { query: WATCH })).toBe('next')
    for (let n = 0; n < events; n += 1) fixture.scores.score('1')
    for (let n = 0; n < events; n += 1) expect(codesOf(await client.next())).toBe('next')
    client.send({ id: '0', type: 'complete' })
    for (let n = 1; ; n += 1) {
      const answer = await answerTo(client, `${n}`, { query: WATCH })
      if (answer !== 'next') {
        expect(answer).toEqual(['RATE_LIMITED'])
        return n
      }
      client.send({ id: `${n}`, type: 'complete' })
    }
  }
  const allowed = await allowedWith(0)
  expect(allowed).toBeLessThanOrEqual(100)
  expect(await allowedWith(40)).toBe(allowed)
})
