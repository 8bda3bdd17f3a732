import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { request } from 'undici'
import { DEFAULT_LIMITS } from './compose.ts'
import { type GatewayFixture, openGateway } from './fixtures/gateway-fixture.ts'

let fixture: GatewayFixture
beforeAll(async () => {
  fixture = await openGateway()
})
afterAll(() => fixture.stop())

const times = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ')
const deep = (depth: number) =>
  `{ game(id: "1") ${'{ next '.repeat(depth - 2)}{ id }${' }'.repeat(depth - 2)} }`
const padded = (tokens: number) => `{ sum(numbers: [${times(tokens - 9, () => '1')}]) }`
const body = (bytes: number) => {
  const text = JSON.stringify({ query: '{ __typename }', pad: '' })
  return text.replace('"pad":""', `"pad":"${'x'.repeat(bytes - text.length)}"`)
}

describe.each<[string, (count: number) => string, number, string]>([
  ['tokens', padded, DEFAULT_LIMITS.tokens.anonymous, 'TOKEN_LIMIT_EXCEEDED'],
  ['depth', deep, DEFAULT_LIMITS.depth, 'DEPTH_LIMIT_EXCEEDED'],
  [
    'aliases',
    (count) => `{ game(id: "1") { ${times(count, (n) => `a${n}: id`)} } }`,
    DEFAULT_LIMITS.aliases,
    'ALIAS_LIMIT_EXCEEDED',
  ],
  [
    'root fields',
    (count) => `{ ${times(count, () => '__typename')} }`,
    DEFAULT_LIMITS.rootFields,
    'ROOT_FIELD_LIMIT_EXCEEDED',
  ],
  [
    'directives',
    (count) => `{ game(id: "1") { ${times(count, () => 'id @skip(if: false)')} } }`,
    DEFAULT_LIMITS.directives,
    'DIRECTIVE_LIMIT_EXCEEDED',
  ],
  [
    'nesting',
    (count) => `{ gamesOn(day: ${'{ a: '.repeat(count - 2)}1${' }'.repeat(count - 2)}) { id } }`,
    DEFAULT_LIMITS.nesting,
    'NESTING_LIMIT_EXCEEDED',
  ],
  [
    'lists within lists',
    (count) => `{ gamesOn(day: ${'['.repeat(count)}${']'.repeat(count)}) { id } }`,
    DEFAULT_LIMITS.listNesting,
    'LIST_NESTING_LIMIT_EXCEEDED',
  ],
])('the limit on %s', (_, document, limit, code) => {
  test('lets pass what just fits', async () => {
    const { status, errors } = await fixture.graphql(document(limit))
    expect([status, errors]).toEqual([200, []])
  })

  test('refuses one more, and says what it was and what may be', async () => {
    const { status, errors } = await fixture.graphql(document(limit + 1))
    expect(status).toBe(400)
    expect(errors).toEqual([
      {
        message: expect.stringMatching(/the limit is \d+\. \w/),
        extensions: { code, limit, actual: limit + 1 },
      },
    ])
  })
})

describe('the limit on items', () => {
  const games = (count: number) => `{ ${times(count, (n) => `g${n}: games { id }`)} }`

  test('counts lists without pages too', async () => {
    const few = await openGateway('in-process', { limits: { items: 40 } })
    try {
      expect(await few.graphql(games(2))).toMatchObject({ status: 200, errors: [] })
      expect(await few.graphql(games(3))).toMatchObject({
        status: 400,
        errors: [{ extensions: { code: 'ITEM_LIMIT_EXCEEDED', limit: 40, actual: 60 } }],
      })
    } finally {
      await few.stop()
    }
  })
})

describe('what is refused at once', () => {
  const limit = DEFAULT_LIMITS.bodyBytes

  test('a body over the limit, announced or not', async () => {
    expect((await fixture.post(body(limit))).status).toBe(200)
    const { status, errors } = await fixture.post(body(limit + 1))
    expect(status).toBe(413)
    expect(errors[0]?.extensions).toEqual({ code: 'BODY_TOO_LARGE', limit, actual: limit + 1 })
    const unannounced = await request(`${fixture.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Readable.from([body(limit), 'x'.repeat(limit)]),
    })
    expect(unannounced.statusCode).toBe(413)
  })

  test('a document of 20,000 levels: in milliseconds, and the process lives', async () => {
    const bomb = '{a'.repeat(20_000) + '}'.repeat(20_000)
    await fixture.graphql('{ __typename }')
    const started = performance.now()
    const { status, errors } = await fixture.graphql(bomb)
    expect(performance.now() - started).toBeLessThan(500)
    expect(status).toBe(400)
    expect(errors[0]?.extensions.code).toBe('TOKEN_LIMIT_EXCEEDED')
    expect((await fixture.graphql('{ __typename }')).data).toEqual({ __typename: 'Query' })
  })

  test('fragments that double: before they are written out', async () => {
    const bomb = `{ game(id: "1") { ...F0 } } ${times(20, (n) => `fragment F${n} on Game { next { ...F${n + 1} } ...F${n + 1} }`)} fragment F20 on Game { id }`
    const { errors } = await fixture.graphql(bomb)
    expect(errors[0]?.extensions.code).toMatch(/^(DEPTH|SELECTION)_LIMIT_EXCEEDED$/)
  })

  test('fragments in a circle', async () => {
    const { status, errors } = await fixture.graphql(
      '{ game(id: "1") { ...F } } fragment F on Game { next { ...F } }',
    )
    expect([status, errors[0]?.extensions.code]).toEqual([400, 'FRAGMENT_CYCLE'])
  })

  test.each([
    ['a list of operations', [{ query: '{ __typename }' }], 'BATCHING_NOT_SUPPORTED'],
    ['an empty list', [], 'BATCHING_NOT_SUPPORTED'],
    ['no query', {}, 'BAD_REQUEST'],
    ['a query that is no text', { query: 7 }, 'BAD_REQUEST'],
    ['variables that are a list', { query: '{ __typename }', variables: [] }, 'BAD_REQUEST'],
    ['not JSON', '{"query":', 'BAD_REQUEST'],
    ['a number', '7', 'BAD_REQUEST'],
    ['brackets without end', '['.repeat(100_000), 'BAD_REQUEST'],
    ['NUL in a literal', { query: '{ echo(text: "a\\u0000") }' }, 'BAD_USER_INPUT'],
    ['half a pair in a literal', '{"query":"{ echo(text: \\"\\ud800\\") }"}', 'BAD_USER_INPUT'],
    [
      'NUL in a variable',
      { query: 'query ($t: String) { echo(text: $t) }', variables: { t: 'a\0' } },
      'BAD_USER_INPUT',
    ],
    [
      'half a pair in a variable',
      '{"query":"query ($t: String) { echo(text: $t) }","variables":{"t":"\\udc00"}}',
      'BAD_USER_INPUT',
    ],
  ])('%s', async (_, request, code) => {
    const { status, errors } = await fixture.post(request)
    expect([status, errors[0]?.extensions.code]).toEqual([400, code])
  })
})

describe('people we know', () => {
  test('may send longer documents', async () => {
    const { token } = await fixture.accounts.signIn('viewer')
    const { anonymous, known } = DEFAULT_LIMITS.tokens
    expect((await fixture.graphql(padded(known), { token })).data).toEqual({ sum: known - 9 })
    const { errors } = await fixture.graphql(padded(known + 1), { token })
    expect(errors[0]?.extensions).toEqual({ code: 'TOKEN_LIMIT_EXCEEDED', limit: known, actual: known + 1 })
    // Though somebody else has just sent it.
    const stranger = await fixture.graphql(padded(known))
    expect(stranger.errors[0]?.extensions).toMatchObject({ limit: anonymous, actual: known })
  })
})

describe('a field that is selected too often', () => {
  test('is refused before it is compared with itself a million times', async () => {
    const { token } = await fixture.accounts.signIn('viewer')
    const { status, errors } = await fixture.graphql(`{ game(id: "1") { ${times(900, () => 'id')} } }`, {
      token,
    })
    expect([status, errors[0]?.extensions.code]).toEqual([400, 'VALIDATION_TOO_COSTLY'])
  })
})

describe('who sends too many', () => {
  test('by address, by person and by key has to wait as long as it is told', async () => {
    const requestsPerMinute = { address: 3, person: 4, partner: 5, refusedCredentials: 2 }
    const strict = await openGateway('in-process', { limits: { requestsPerMinute } })
    try {
      const { token } = await strict.accounts.signIn('viewer')
      const key = (name: string) => `csn_live_${name.repeat(30)}`
      strict.accounts.apiKeys.set(key('a'), { id: 'a', scopes: [], requestsPerMinute: 2 })
      strict.accounts.apiKeys.set(key('b'), { id: 'b', scopes: [], requestsPerMinute: null })
      const allowed = async (who: { token?: string; apiKey?: string }) => {
        for (let count = 0; ; count += 1) {
          const { status, errors, headers } = await strict.graphql('{ __typename }', who)
          if (status === 200) continue
          expect([status, errors[0]?.extensions.code]).toEqual([429, 'RATE_LIMITED'])
          expect(errors[0]?.extensions).toMatchObject({ limit: count, retryable: true })
          expect(Number(headers.get('retry-after'))).toBe(Math.ceil(60 / count))
          return count
        }
      }
      expect(await allowed({})).toBe(3)
      expect(await allowed({ token })).toBe(4)
      expect(await allowed({ apiKey: key('a') })).toBe(2)
      expect(await allowed({ apiKey: key('b') })).toBe(5)
      strict.clock.advance(20_000)
      expect((await strict.graphql('{ __typename }')).status).toBe(200)
    } finally {
      await strict.stop()
    }
  })

  test('guesses keys is stopped before accounts is asked', async () => {
    const requestsPerMinute = { ...DEFAULT_LIMITS.requestsPerMinute, refusedCredentials: 3 }
    const strict = await openGateway('in-process', { limits: { requestsPerMinute } })
    try {
      const statuses: number[] = []
      for (let n = 0; n < 6; n += 1) {
        const apiKey = `csn_live_guess${String(n).repeat(20)}`
        statuses.push((await strict.graphql('{ __typename }', { apiKey })).status)
      }
      expect(statuses).toEqual([401, 401, 401, 429, 429, 429])
      expect(strict.accounts.resolved).toHaveLength(3)
      expect((await strict.graphql('{ __typename }')).status).toBe(200)
    } finally {
      await strict.stop()
    }
  })
})
