import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { DEFAULT_LIMITS, type GatewayOptions } from './compose.ts'
import { type GatewayFixture, openGateway } from './fixtures/gateway-fixture.ts'
import { compilingCost, readingCost } from './limits/index.ts'

/** Twenty games are assumed where nothing is said, each of which costs 1. */
const GAMES = '{ games { id } }'
const COST = 20

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** Whoever sends it first has nothing more to pay than who sends it later. */
const listed = {
  operations: { operations: [{ id: hashOf(GAMES), name: 'Games', type: 'query' as const, body: GAMES }] },
}

async function withGateway(
  options: Partial<GatewayOptions>,
  work: (fixture: GatewayFixture) => Promise<void>,
): Promise<void> {
  const fixture = await openGateway('in-process', options)
  try {
    await work(fixture)
  } finally {
    await fixture.stop()
  }
}

describe('the cost of an operation', () => {
  test('may be the limit, and not one more', async () => {
    await withGateway({ limits: { cost: COST } }, async (fixture) => {
      expect(await fixture.graphql(GAMES)).toMatchObject({ status: 200, errors: [] })
      const { status, errors } = await fixture.graphql('{ games { id } game(id: "1") { id } }')
      expect([status, errors[0]?.extensions]).toEqual([
        400,
        { code: 'COST_LIMIT_EXCEEDED', limit: COST, actual: COST + 1 },
      ])
    })
  })

  test('is told to who asks, with what is left, and to nobody else', async () => {
    await withGateway(listed, async (fixture) => {
      const perMinute = DEFAULT_LIMITS.costPerMinute.address
      expect((await fixture.graphql(GAMES)).extensions).toBeUndefined()
      const { data, extensions } = await fixture.graphql<{ games: unknown[] }>(GAMES, {
        headers: { 'x-courtside-cost': '1' },
      })
      expect(data.games.length).toBeGreaterThan(0)
      expect(extensions).toEqual({
        cost: { requested: COST, limit: DEFAULT_LIMITS.cost, perMinute, remaining: perMinute - 2 * COST },
      })
      expect((await fixture.graphql(GAMES)).extensions).toBeUndefined()
    })
  })

  test('is taken from what an address, a person or a key may spend in a minute', async () => {
    const costPerMinute = { address: COST, person: 2 * COST, partner: 3 * COST }
    await withGateway({ ...listed, limits: { costPerMinute } }, async (fixture) => {
      const { token } = await fixture.accounts.signIn('viewer')
      const key = (name: string) => `csn_live_${name.repeat(30)}`
      const partner = { scopes: [], requestsPerMinute: null }
      fixture.accounts.apiKeys.set(key('a'), { id: 'a', ...partner })
      fixture.accounts.apiKeys.set(key('b'), { id: 'b', ...partner, costPerMinute: 4 * COST })
      const allowed = async (who: { token?: string; apiKey?: string }) => {
        for (let count = 0; ; count += 1) {
          const { status, errors, headers } = await fixture.graphql(GAMES, who)
          if (status === 200) continue
          expect([status, errors[0]?.extensions]).toMatchObject([
            429,
            { code: 'RATE_LIMITED', limit: count * COST, cost: COST, remaining: 0, retryable: true },
          ])
          expect(Number(headers.get('retry-after'))).toBe(Math.ceil(60 / count))
          return count
        }
      }
      expect(await allowed({})).toBe(1)
      expect(await allowed({ token })).toBe(2)
      expect(await allowed({ apiKey: key('a') })).toBe(3)
      expect(await allowed({ apiKey: key('b') })).toBe(4)
      fixture.clock.advance(60_000)
      expect((await fixture.graphql(GAMES)).status).toBe(200)
    })
  })
})

describe('an operation that nobody has sent before', () => {
  test('is paid for once, by who sends it: to be read, and to be compiled', async () => {
    await withGateway({}, async (fixture) => {
      const remaining = async (text: string) => {
        const { extensions } = await fixture.graphql(text, { headers: { 'x-courtside-cost': '1' } })
        return (extensions as { cost: { remaining: number } }).cost.remaining
      }
      const perMinute = DEFAULT_LIMITS.costPerMinute.address
      const first = await remaining(GAMES)
      expect(perMinute - first).toBe(
        COST + readingCost(GAMES) + compilingCost({ selections: 2, directives: 0 }),
      )
      expect(first - (await remaining(GAMES))).toBe(COST)
      // Under another name it is another one.
      expect(first - COST - (await remaining(`query Other ${GAMES}`))).toBeGreaterThan(COST + 80)
    })
  })

  test('is not sent by the thousand: what they cost is more than a minute allows', async () => {
    await withGateway({}, async (fixture) => {
      const send = (n: number) => fixture.graphql(`query N${n} { games { id } } # ${'x'.repeat(30_000)}`)
      let status = 200
      let sent = 0
      for (; status === 200 && sent < 200; sent += 1) ({ status } = await send(sent))
      expect([status, sent]).toEqual([429, expect.any(Number)])
      expect(sent).toBeLessThan(60)
    })
  })

  test('is paid for also where it is refused for what it says', async () => {
    await withGateway({}, async (fixture) => {
      const refused = (n: number) => fixture.graphql(`query N${n} { ${'nothing '.repeat(1_500)} }`)
      let status = 400
      for (let sent = 0; status === 400 && sent < 300; sent += 1) ({ status } = await refused(sent))
      expect(status).toBe(429)
    })
  })
})

describe('operations that were listed', () => {
  const LISTED = 'query Listed {\n  __typename\n}'
  const operations = {
    operations: [{ id: hashOf(LISTED), name: 'Listed', type: 'query' as const, body: LISTED }],
  }
  const data = { __typename: 'Query' }

  test('run by their id in every form, before anybody has sent them', async () => {
    await withGateway({ operations }, async (fixture) => {
      const persistedQuery = { version: 1, sha256Hash: hashOf(LISTED) }
      const forms = [
        { documentId: `sha256:${hashOf(LISTED)}` },
        { id: hashOf(LISTED) },
        { extensions: { persistedQuery } },
      ]
      for (const form of forms) expect(await fixture.post(form)).toMatchObject({ status: 200, data })
      const byGet = await fetch(`${fixture.url}/graphql?documentId=sha256:${hashOf(LISTED)}`, {
        headers: { accept: 'application/graphql-response+json' },
      })
      expect(await byGet.json()).toEqual({ data })
    })
  })

  test('are the only ones where that is required, and others are not even parsed', async () => {
    await withGateway({ operations, safelist: 'required' }, async (fixture) => {
      const { token } = await fixture.accounts.signIn('admin')
      expect(await fixture.graphql(LISTED)).toMatchObject({ status: 200, data })
      expect(await fixture.post({ documentId: hashOf(LISTED) })).toMatchObject({ status: 200, data })
      for (const text of [GAMES, `${LISTED} `, '{ no document']) {
        for (const who of [{}, { token }]) {
          const { status, errors } = await fixture.graphql(text, who)
          expect([status, errors[0]?.extensions.code]).toEqual([403, 'OPERATION_NOT_LISTED'])
        }
      }
      const unknown = await fixture.post({ documentId: hashOf(GAMES) })
      expect([unknown.status, unknown.errors[0]?.extensions.code]).toEqual([200, 'PERSISTED_QUERY_NOT_FOUND'])
    })
  })

  test('are all that a key runs which is bound to them, whatever others may', async () => {
    await withGateway({}, async (fixture) => {
      const key = `csn_live_${'k'.repeat(30)}`
      fixture.accounts.apiKeys.set(key, {
        id: 'k',
        scopes: [],
        requestsPerMinute: null,
        allowedOperations: [hashOf(LISTED)],
      })
      expect(await fixture.graphql(LISTED, { apiKey: key })).toMatchObject({ status: 200, data })
      const { status, errors } = await fixture.graphql(GAMES, { apiKey: key })
      expect([status, errors[0]?.extensions.code]).toEqual([403, 'OPERATION_NOT_LISTED'])
      expect((await fixture.graphql(GAMES)).status).toBe(200)
    })
  })
})
