import { hash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ACCOUNTS_SDL } from './fixtures/accounts-fixture.ts'
import { composeSupergraph } from './fixtures/gateway-fixture.ts'
import { type LiveGatewayFixture, openLiveGateway } from './fixtures/live-gateway-fixture.ts'
import { MOMENTS_SDL, SCORES_SDL } from './fixtures/scores-fixture.ts'
import type { TestClient } from './fixtures/websocket/websocket-fixture.ts'

const PUBLIC = 'subscription { scored(game: "1") { seq moment { text } } }'
const OWN = 'subscription { scored(game: "1") { seq reader moment { note } } }'
const KEPT = 'subscription { scored(game: "1") { seq scouting } }'

interface Scored {
  seq: number
  reader?: string
  moment?: { note: string }
}

let fixture: LiveGatewayFixture
beforeEach(async () => {
  fixture = await openLiveGateway('http', { supergraphPollMs: 20 })
})
afterEach(() => fixture.stop())

const signedIn = async (role: 'viewer' | 'scorekeeper' = 'viewer') => {
  const person = await fixture.accounts.signIn(role)
  const client = await fixture.connect({ authorization: `Bearer ${person.token}` })
  return { ...person, client }
}
const next = async (client: TestClient): Promise<Scored> => {
  const { type, payload } = await client.next()
  expect(type).toBe('next')
  const { data, errors } = payload as { data: { scored: Scored }; errors?: unknown }
  expect(errors).toBeUndefined()
  return data.scored
}
const readOn = async (client: TestClient, seq: number) => {
  const seqs = [(await next(client)).seq]
  while (seqs.at(-1) !== seq) seqs.push((await next(client)).seq)
  return seqs
}

describe('who watches the same', () => {
  test('shares what is the same for everybody, signed in or not', async () => {
    const { scores } = fixture
    const clients = [(await signedIn()).client, (await signedIn()).client, await fixture.connect()]
    for (const client of clients) client.subscribe('1', PUBLIC)
    for (const client of clients)
      expect(await next(client)).toEqual({ seq: 0, moment: { text: 'Moment 1-0' } })
    expect(scores.asked).toEqual(['1'])
    expect(scores.looked).toEqual(['1-0'])
  })

  test('is told their own alone, of every subgraph', async () => {
    const people = [await signedIn(), await signedIn()]
    for (const { client } of people) client.subscribe('1', OWN)
    for (const { client, userId } of people) {
      expect(await next(client)).toEqual({ seq: 0, reader: userId, moment: { note: `${userId} on 1-0` } })
    }
    expect(fixture.scores.asked).toEqual(['1', '1'])
    fixture.scores.score('1')
    for (const { client, userId } of people) {
      expect(await next(client)).toEqual({ seq: 1, reader: userId, moment: { note: `${userId} on 1-1` } })
    }
  })
})

describe('changed access', () => {
  test('closes the connections of an ended session within a second, and nobody else hears of it', async () => {
    const gone = await signedIn()
    const other = await signedIn()
    for (const { client } of [gone, other]) {
      client.subscribe('1', OWN)
      await next(client)
    }
    fixture.accounts.sessions.delete(gone.sessionId)
    const before = performance.now()
    fixture.accounts.accessChanged(gone.userId)
    expect(await gone.client.closed).toMatchObject({ code: 4403 })
    expect(performance.now() - before).toBeLessThan(1_000)
    fixture.scores.score('1')
    expect(await next(other.client)).toMatchObject({ seq: 1, reader: other.userId })
    expect(await fixture.figures('courtside_gateway_held_credentials')).toEqual({ '': 1 })
  })

  test('ends what a person may see no more, and leaves the rest of their connection', async () => {
    const { client, userId, sessionId } = await signedIn('scorekeeper')
    client.subscribe('kept', KEPT)
    expect(await next(client)).toMatchObject({ seq: 0, scouting: 'weak left' })
    client.subscribe('public', PUBLIC)
    expect(await next(client)).toMatchObject({ seq: 0 })
    fixture.accounts.sessions.set(sessionId, { userId, role: 'viewer' })
    fixture.accounts.accessChanged(userId)
    expect(await client.next()).toMatchObject({
      id: 'kept',
      type: 'error',
      payload: [{ extensions: { code: 'FORBIDDEN' } }],
    })
    fixture.scores.score('1')
    expect(await client.next()).toMatchObject({ id: 'public', payload: { data: { scored: { seq: 1 } } } })
  })
})

describe('the list of operations of a key', () => {
  const KEY = `csn_live_${'k'.repeat(30)}`
  const SHORT = 'subscription Short { scored(game: "1") { seq } }'
  const LONG = 'subscription Long { scored(game: "1") { seq moment { text } } }'
  const idOf = (body: string) => hash('sha256', body)
  const key = (...bodies: string[]) => ({
    id: 'key-1',
    scopes: [],
    requestsPerMinute: null,
    allowedOperations: bodies.map(idOf),
  })

  test('counts for what is open as well: what has left it ends within a second, the rest goes on', async () => {
    await fixture.stop()
    const operations = [SHORT, LONG].map((body) => ({
      id: idOf(body),
      name: body === SHORT ? 'Short' : 'Long',
      type: 'subscription' as const,
      body,
    }))
    fixture = await openLiveGateway('http', { operations: { operations } })
    fixture.accounts.apiKeys.set(KEY, key(SHORT, LONG))
    const client = await fixture.connect({ 'x-api-key': KEY })
    for (const [id, query] of [
      ['short', SHORT],
      ['long', LONG],
    ] as const) {
      client.subscribe(id, query)
      expect(await next(client)).toMatchObject({ seq: 0 })
    }
    fixture.accounts.apiKeys.set(KEY, key(SHORT))
    const before = performance.now()
    fixture.accounts.keyChanged('key-1')
    expect(await client.next()).toMatchObject({
      id: 'long',
      type: 'error',
      payload: [{ extensions: { code: 'OPERATION_NOT_LISTED' } }],
    })
    expect(performance.now() - before).toBeLessThan(1_000)
    fixture.scores.score('1')
    expect(await client.next()).toMatchObject({ id: 'short', payload: { data: { scored: { seq: 1 } } } })
  })
})

describe('a token sent on an open connection', () => {
  const MINUTE_MS = 60_000
  const renew = async (client: TestClient, token: string) => {
    client.send({ type: 'pong', payload: { authorization: `Bearer ${token}` } })
    return client.next()
  }

  test('that has expired is refused, and the one before still counts', async () => {
    const { client, userId, sessionId } = await signedIn()
    client.subscribe('1', OWN)
    expect(await next(client)).toMatchObject({ seq: 0, reader: userId })
    const now = Date.now()
    const expired = await fixture.accounts.token(
      { userId, sessionId },
      { issuedAt: new Date(now - 20 * MINUTE_MS), expiresAt: new Date(now - 10 * MINUTE_MS) },
    )
    expect(await renew(client, expired)).toMatchObject({
      type: 'pong',
      payload: { reauthenticated: false, error: { extensions: { code: 'UNAUTHENTICATED' } } },
    })
    fixture.scores.score('1')
    expect(await next(client)).toMatchObject({ seq: 1, reader: userId })
    const newer = await fixture.accounts.token({ userId, sessionId })
    expect(await renew(client, newer)).toEqual({ type: 'pong', payload: { reauthenticated: true } })
  })

  test('of an ended session is refused', async () => {
    const { client, userId, sessionId } = await signedIn()
    const other = await fixture.accounts.token({ userId, sessionId: `${sessionId}-gone` })
    expect(await renew(client, other)).toMatchObject({ payload: { reauthenticated: false } })
  })
})

describe('another supergraph in the midst', () => {
  const serve = async (scores: string) => {
    const reloads = await fixture.figures('courtside_gateway_supergraph_reloads_total')
    await fixture.replaceSupergraph(
      composeSupergraph({ accounts: ACCOUNTS_SDL, scores, moments: MOMENTS_SDL }),
    )
    while (
      JSON.stringify(await fixture.figures('courtside_gateway_supergraph_reloads_total')) ===
      JSON.stringify(reloads)
    );
  }

  test('is followed without a gap and without a duplicate, while events flow', async () => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => fixture.connect()))
    for (const client of clients) client.subscribe('1', PUBLIC)
    for (const client of clients) expect((await next(client)).seq).toBe(0)
    const histories = clients.map((client) => readOn(client, 300))
    let isServed = false
    const served = serve(SCORES_SDL.replace('level: Int', 'level: Int @deprecated(reason: "none")')).then(
      () => {
        isServed = true
      },
    )
    let last = 0
    while (!isServed || last < 200) {
      if (last < 200) last = fixture.scores.score('1')
      await fixture.figures('courtside_gateway_hub')
    }
    await served
    while ((await fixture.figures('courtside_gateway_subscriptions_moved_total'))[''] !== 20);
    while (last < 300) last = fixture.scores.score('1')
    const dense = Array.from({ length: 300 }, (_, n) => n + 1)
    for (const history of await Promise.all(histories)) expect(history).toEqual(dense)
  })

  test('ends what it does not have any more, with the reason', async () => {
    const client = await fixture.connect()
    client.subscribe('1', PUBLIC)
    await next(client)
    await serve(SCORES_SDL.replace('seq: Int!', 'place: Int!'))
    expect(await client.next()).toMatchObject({
      id: '1',
      type: 'error',
      payload: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    })
    client.subscribe('2', PUBLIC.replace('seq', 'snapshot'))
    expect(await client.next()).toMatchObject({ id: '2', type: 'next' })
  })
})
