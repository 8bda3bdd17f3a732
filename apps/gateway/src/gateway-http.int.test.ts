import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { getIntrospectionQuery } from 'graphql'
import { type GatewayFixture, openGateway, toAnswer } from './fixtures/gateway-fixture.ts'

const URQL_ACCEPT =
  'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed'
const BROWSER_ACCEPT = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

let fixture: GatewayFixture
beforeAll(async () => {
  fixture = await openGateway('in-process', { corsOrigins: ['https://app.example'], slowRequestMs: 60_000 })
})
afterAll(() => fixture.stop())

const get = async (parameters: Record<string, string>, headers: Record<string, string>) =>
  toAnswer(await fetch(`${fixture.url}/graphql?${new URLSearchParams(parameters)}`, { headers }))

describe('reading by GET', () => {
  const query = 'query ($id: ID!) { game(id: $id) { title } }'

  test('works as urql does it', async () => {
    const { status, data, headers } = await get(
      { query, variables: '{"id":"5"}', operationName: '' },
      { accept: URQL_ACCEPT },
    )
    expect([status, data]).toEqual([200, { game: { title: 'Game 5' } }])
    expect(headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8')
    expect(headers.get('cache-control')).toBe('private, no-store')
  })

  test.each<[string, Record<string, string>, Record<string, string>, number, string]>([
    [
      'a link of a stranger',
      { query: '{ __typename }' },
      { accept: 'text/html, */*' },
      400,
      'CSRF_PREVENTED',
    ],
    [
      'a mutation',
      { query: 'mutation { note(text: "x") }' },
      { accept: URQL_ACCEPT },
      405,
      'METHOD_NOT_ALLOWED',
    ],
    ['variables that are not JSON', { query, variables: '{' }, { accept: URQL_ACCEPT }, 400, 'BAD_REQUEST'],
    ['no query', {}, { accept: URQL_ACCEPT }, 400, 'BAD_REQUEST'],
    [
      'a type that is not ours',
      { query },
      { accept: 'image/png', 'apollo-require-preflight': '1' },
      406,
      'NOT_ACCEPTABLE',
    ],
  ])('refuses %s', async (_, parameters, headers, status, code) => {
    const answer = await get(parameters, headers)
    expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([status, code])
  })

  test('refuses a parameter that is given twice', async () => {
    const answer = await fetch(`${fixture.url}/graphql?query={a}&query={b}`, {
      headers: { accept: URQL_ACCEPT },
    })
    expect(answer.status).toBe(400)
  })
})

describe('persisted queries', () => {
  test('are asked for once and then known, by POST and by GET', async () => {
    const query = '{ game(id: "9") { title } }'
    const sha256Hash = createHash('sha256').update(query).digest('hex')
    const extensions = { persistedQuery: { version: 1, sha256Hash } }
    const first = await fixture.post({ extensions })
    expect(first.status).toBe(200)
    expect(first.errors).toEqual([
      { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
    ])
    expect((await fixture.post({ query, extensions })).data).toEqual({ game: { title: 'Game 9' } })
    expect((await fixture.post({ extensions })).data).toEqual({ game: { title: 'Game 9' } })
    const byGet = await get({ extensions: JSON.stringify(extensions) }, { accept: URQL_ACCEPT })
    expect(byGet.data).toEqual({ game: { title: 'Game 9' } })
  })

  test('keep nothing that was refused, and no hash that lies', async () => {
    const query = '{ nothing }'
    const sha256Hash = createHash('sha256').update(query).digest('hex')
    const extensions = { persistedQuery: { version: 1, sha256Hash } }
    await fixture.post({ query, extensions })
    expect((await fixture.post({ extensions })).errors[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND')
    const lying = await fixture.post({ query: '{ __typename }', extensions })
    expect([lying.status, lying.errors[0]?.extensions.code]).toEqual([400, 'PERSISTED_QUERY_HASH_MISMATCH'])
  })

  test('are checked anew for each caller', async () => {
    const query = '{ me { name } }'
    const sha256Hash = createHash('sha256').update(query).digest('hex')
    const extensions = { persistedQuery: { version: 1, sha256Hash } }
    const { token } = await fixture.accounts.signIn('viewer')
    const signedIn = await fixture.post({ query, extensions }, { authorization: `Bearer ${token}` })
    expect(signedIn.errors).toEqual([])
    expect((await fixture.post({ extensions })).status).toBe(401)
  })
})

describe('pages of other origins', () => {
  const preflight = (origin: string) =>
    fetch(`${fixture.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    })

  test('may read answers when they are listed', async () => {
    const { status, headers } = await preflight('https://app.example')
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(headers.get('access-control-allow-headers')).toMatch(/content-type, authorization, x-api-key/)
    expect(headers.get('access-control-allow-credentials')).toBeNull()
    const answer = await fixture.graphql('{ __typename }', { headers: { origin: 'https://app.example' } })
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(answer.headers.get('vary')).toMatch(/Origin/)
  })

  test.each(['https://evil.example', 'null', 'https://app.example.evil.example', 'http://localhost:3000'])(
    'may not from %s',
    async (origin) => {
      const answer = await preflight(origin)
      expect(answer.status).toBe(403)
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      const { headers } = await fixture.graphql('{ __typename }', { headers: { origin } })
      expect(headers.get('access-control-allow-origin')).toBeNull()
    },
  )

  test('may read refusals too', async () => {
    const { status, headers } = await fixture.graphql('{', { headers: { origin: 'https://app.example' } })
    expect(status).toBe(400)
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(headers.get('access-control-expose-headers')).toBe('x-request-id, retry-after')
  })
})

describe('GW-03: a person with a browser', () => {
  test.each(['/', '/graphql'])('finds the Sandbox at %s', async (path) => {
    const page = await fetch(fixture.url + path, { headers: { accept: BROWSER_ACCEPT } })
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    const html = await page.text()
    expect(html).toContain('embeddable-sandbox.cdn.apollographql.com')
    expect(html).toContain('href="/graphiql"')
    expect((await fetch(`${fixture.url}/sandbox.js`)).headers.get('content-type')).toMatch(
      /^text\/javascript/,
    )
  })

  test('finds a GraphiQL that needs nothing from outside', async () => {
    const page = await fetch(`${fixture.url}/graphiql`)
    const html = await page.text()
    expect(page.status).toBe(200)
    const markup = html.replace(/<script>[^]*?<\/script>/g, '').replace(/<style>[^]*?<\/style>/g, '')
    expect(markup).toContain('id="root"')
    expect(markup).not.toMatch(/(src|href)\s*=\s*["']?(https?:)?\/\//)
    const styles = [...html.matchAll(/<style>([^]*?)<\/style>/g)].map(([, css = '']) => css).join('')
    expect(styles).not.toMatch(/@import|url\(\s*["']?(https?:)?\/\//)
    expect(html).not.toMatch(/<script[^>]+src/)

    // Whatever its scripts might try, the browser is told to fetch from nowhere else.
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/)
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("connect-src 'self'")
    for (const [, script = ''] of html.matchAll(/<script>([^]*?)<\/script>/g)) {
      expect(policy).toContain(`'sha256-${createHash('sha256').update(script).digest('base64')}'`)
    }
    const again = await fetch(`${fixture.url}/graphiql`, {
      headers: { 'if-none-match': page.headers.get('etag')! },
    })
    expect(again.status).toBe(304)
  })

  test("finds the schema there: the tools' own questions are within the limits", async () => {
    const question = getIntrospectionQuery({
      descriptions: true,
      inputValueDeprecation: true,
      specifiedByUrl: true,
      schemaDescription: true,
      directiveIsRepeatable: true,
      oneOf: true,
    })
    const { data, errors } = await fixture.graphql<{ __schema: { queryType: { name: string } } }>(question)
    expect(errors).toEqual([])
    expect(data.__schema.queryType.name).toBe('Query')
  })

  test('sees the plan of a query in the Sandbox', async () => {
    const { extensions } = await fixture.graphql('{ game(id: "1") { mvp { name } } }', {
      headers: { 'apollo-query-plan-experimental': '1' },
    })
    expect(JSON.stringify(extensions)).toContain('Fetch(service: \\"accounts\\")')
  })
})

describe('an operator', () => {
  test('finds health, readiness and figures', async () => {
    await fixture.graphql('{ game(id: "1") { title } }')
    await fixture.graphql('{ broken }')
    await fixture.graphql('{')
    expect((await fetch(`${fixture.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${fixture.url}/readyz`)).status).toBe(200)
    const figures = await (await fetch(`${fixture.url}/metrics`)).text()
    for (const figure of [
      'courtside_gateway_requests_total{type="query",outcome="ok",code=""}',
      'courtside_gateway_requests_total{type="query",outcome="partial",code="INTERNAL_SERVER_ERROR"}',
      'courtside_gateway_requests_total{type="unknown",outcome="refused",code="GRAPHQL_PARSE_FAILED"}',
      'courtside_gateway_request_duration_seconds_count{type="query",outcome="ok"}',
      'courtside_gateway_authentications_total{method="none",outcome="accepted"}',
      'courtside_gateway_subgraph_call_duration_seconds_count{subgraph="stats",outcome="answered"}',
    ]) {
      expect(figures).toContain(figure)
    }
  })

  test('is told when accounts does not answer', async () => {
    fixture.transports['accounts']!.down = true
    fixture.clock.advance(1_000)
    const answer = await fetch(`${fixture.url}/readyz`)
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { status: 'not ready', problems: ['accounts does not answer'] },
    ])
    fixture.transports['accounts']!.down = false
    fixture.clock.advance(1_000)
    expect((await fetch(`${fixture.url}/readyz`)).status).toBe(200)
  })

  test('reads one line for each request, with its id, who and what', async () => {
    const { token, userId } = await fixture.accounts.signIn('viewer')
    const { headers } = await fixture.graphql('query Mine { me { name } }', {
      token,
      headers: { 'x-request-id': 'my-request-1' },
    })
    expect(headers.get('x-request-id')).toBe('my-request-1')
    const line = fixture.log.lines.find(({ fields }) => fields['request.id'] === 'my-request-1')
    expect(line).toMatchObject({
      level: 'info',
      message: 'GraphQL request',
      fields: {
        'principal.kind': 'user',
        'user.id': userId,
        'operation.name': 'Mine',
        'operation.type': 'query',
        outcome: 'ok',
        status: 200,
        durationMs: expect.any(Number),
      },
    })
    expect(JSON.stringify(fixture.log.lines)).not.toContain(token)
  })

  test('is warned of slow requests', async () => {
    const slow = await openGateway('in-process', { slowRequestMs: 0 })
    try {
      await slow.graphql('{ __typename }')
    } finally {
      await slow.stop()
    }
    expect(slow.log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'Slow GraphQL request' }),
    )
  })
})

describe('GW-10: a fault of the gateway itself', () => {
  test('says nothing but an id, under which the log has the rest', async () => {
    const broken = { take: () => Promise.reject(new Error('connect to redis://secret@host')) }
    const faulty = await openGateway('in-process', { rateLimiter: broken })
    try {
      const { status, errors } = await faulty.graphql('{ __typename }', {
        headers: { 'x-request-id': 'request-77' },
      })
      const errorId = errors[0]?.extensions['errorId']
      expect([status, errors]).toEqual([
        500,
        [
          {
            message: `Something went wrong on our side. If it stays, report it with the id ${String(errorId)}.`,
            extensions: { code: 'INTERNAL_SERVER_ERROR', errorId },
          },
        ],
      ])
      const line = faulty.log.lines.find(({ fields }) => fields['error.id'] === errorId)
      expect(line?.fields).toMatchObject({
        'request.id': 'request-77',
        err: expect.objectContaining({ message: expect.stringContaining('redis') }),
      })
    } finally {
      await faulty.stop()
    }
  })
})

describe('in production', () => {
  let production: GatewayFixture
  beforeAll(async () => {
    production = await openGateway('in-process', { production: true })
  })
  afterAll(() => production.stop())

  test.each([
    ['{ __schema { types { name } } }', 'INTROSPECTION_DISABLED'],
    ['{ a: __type(name: "User") { ...F } } fragment F on __Type { name }', 'INTROSPECTION_DISABLED'],
    ['{ gaem(id: "1") { title } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ game(idd: "1") { title } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ gamesOn(status: SCHEDULLED) { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ game(id: "1") { ... on Gaem { id } } }', 'GRAPHQL_VALIDATION_FAILED'],
  ])('%s tells nothing of the schema', async (query, code) => {
    const { status, errors } = await production.graphql(query)
    expect([status, errors[0]?.extensions.code]).toEqual([400, code])
    expect(JSON.stringify(errors)).not.toMatch(/Did you mean/i)
  })

  test('a wrong variable is not answered with the right one', async () => {
    const { status, errors } = await production.graphql('query ($s: Status) { gamesOn(status: $s) { id } }', {
      variables: { s: 'SCHEDULLED' },
    })
    expect(status).toBe(400)
    expect(errors[0]?.message).toMatch(/does not exist in "Status" enum\.$/)
  })

  test.each(['/', '/graphiql', '/sandbox.js'])('there is nothing at %s', async (path) => {
    expect((await fetch(production.url + path, { headers: { accept: BROWSER_ACCEPT } })).status).toBe(404)
  })

  test('no plan is shown', async () => {
    const { extensions } = await production.graphql('{ game(id: "1") { title } }', {
      headers: { 'apollo-query-plan-experimental': '1' },
    })
    expect(extensions).toBeUndefined()
  })
})
