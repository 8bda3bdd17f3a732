import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { anonymous } from '@courtside/auth'
import fc from 'fast-check'
import type { RequestOptions } from './fixtures/gateway-fixture.ts'
import { mirror, mirrored, type Viewer, viewerOf } from './fixtures/mirror.ts'
import { openScriptedGraph, type ScriptedGraph } from './fixtures/scripted-graph.ts'
import type { Asked } from './fixtures/scripted-subgraph.ts'

/** What everybody gets is asked for on behalf of nobody. */
const NOBODY: Viewer = { principal: anonymous, agent: null }

interface Somebody {
  readonly name: string
  readonly viewer: Viewer
  readonly credential: Pick<RequestOptions, 'token' | 'apiKey'>
}

/** How a response may be kept, and what it depends on. */
const keptAs = (headers: Headers) => [
  headers.get('cache-control'),
  /authorization, x-api-key/i.test(headers.get('vary') ?? ''),
]
const NOT_KEPT = ['private, no-store', false]

describe.each([
  ['fast', false],
  ['slow', true],
])('in the %s lane', (_, slowOnly) => {
  let graph: ScriptedGraph
  let people: Somebody[]
  /** What the subgraph was asked and has not answered. */
  let held: Asked[]
  beforeAll(async () => {
    graph = await openScriptedGraph({
      slowOnly,
      limits: {
        requestsPerMinute: { address: 1e6, person: 1e6, partner: 1e6, refusedCredentials: 120 },
        costPerMinute: { address: 1e9, person: 1e9, partner: 1e9 },
      },
    })
    people = await inviteEverybody()
  })
  afterAll(() => graph.stop())
  beforeEach(() => {
    held = []
    graph.scores.reply((asked) => held.push(asked))
    // What was remembered by the test before is no more.
    graph.gateway.clock.advance(120_000)
  })

  /** Each in their own right, and some who differ in one thing alone. */
  async function inviteEverybody(): Promise<Somebody[]> {
    const { accounts } = graph.gateway
    const invited: Somebody[] = []
    const invite = (name: string, principal: object, credential: Somebody['credential'], agent = 'One') =>
      invited.push({
        name,
        viewer: { principal: { ...anonymous, ...principal }, agent },
        credential,
      })
    invite('nobody', {}, {})
    invite('nobody, by another program', {}, {}, 'everybody')
    // Tokens are as old as the gateway's clock allows for, whatever the tests do to it.
    const lasting = { issuedAt: new Date(), expiresAt: new Date(Date.now() + 86_400_000) }
    for (const role of ['viewer', 'viewer', 'admin'] as const) {
      const { token, userId, sessionId } = await accounts.signIn(role, lasting)
      invite(role, { kind: 'user', userId, sessionId }, { token })
      if (role !== 'admin') continue
      const again = randomUUID()
      accounts.sessions.set(again, { userId, role })
      const other = await accounts.token({ userId, sessionId: again }, lasting)
      invite('admin, signed in twice', { kind: 'user', userId, sessionId: again }, { token: other })
    }
    for (const id of ['a', 'b']) {
      const key = `csn_live_${id.repeat(30)}`
      accounts.apiKeys.set(key, { id, scopes: [], requestsPerMinute: null })
      invite(`key ${id}`, { kind: 'partner', apiKeyId: id }, { apiKey: key })
    }
    return invited
  }

  const ask = (who: Somebody, query: string, variables: Record<string, unknown> = {}, headers = {}) =>
    graph.gateway.graphql(query, {
      variables,
      ...who.credential,
      headers: { 'user-agent': who.viewer.agent ?? '', ...headers },
    })
  const joined = () => graph.figure('courtside_gateway_shared_executions_total')
  const hits = () => graph.figure('courtside_gateway_response_cache_total', 'event="hit"')
  const known = (name: string) => people.find((somebody) => somebody.name === name) as Somebody
  const until = async (condition: () => boolean | Promise<boolean>) => {
    while (!(await condition())) await new Promise(setImmediate)
  }

  /** Sends all at once, and lets the subgraph answer when each has asked it, or waits for one that has. */
  async function together<Answer>(requests: (() => Promise<Answer>)[]): Promise<Answer[]> {
    const before = (await joined()) + (await hits())
    const answers = requests.map((request) => request())
    await until(async () => held.length + (await joined()) + (await hits()) - before === requests.length)
    held.forEach(mirror)
    return Promise.all(answers)
  }

  test.each(['kept', 'unhinted', 'own'])(
    'everybody who asks for %s at the same time is asked for and answered by themselves',
    async (field) => {
      const asking =
        field === 'own' ? people.filter(({ viewer }) => viewer.principal.kind !== 'anonymous') : people
      const query = `{ ${field} }`
      const answers = await together(asking.flatMap((who) => [() => ask(who, query), () => ask(who, query)]))
      const expected = asking.flatMap(({ viewer }) => {
        const data = mirrored({ query, variables: {} }, viewer)
        return [data, data]
      })
      expect(answers.map(({ data }) => data)).toEqual(expected)
      expect(held).toHaveLength(asking.length)
    },
  )

  test('what is for everybody is asked for once, on behalf of nobody', async () => {
    const answers = await together(people.map((who) => () => ask(who, '{ shared }')))
    const data = mirrored({ query: '{ shared }', variables: {} }, NOBODY)
    expect(answers.map((answer) => answer.data)).toEqual(people.map(() => data))
    expect(held.map(viewerOf)).toMatchObject([{ principal: anonymous, agent: null }])
  })

  test('who may not ask is refused while the answer to it is on its way to who may', async () => {
    const permitted = ask(known('viewer'), '{ own }')
    await until(() => held.length === 1)
    expect(await ask(known('nobody'), '{ own }')).toMatchObject({
      status: 401,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    })
    held.forEach(mirror)
    expect((await permitted).errors).toEqual([])
    expect((await ask(known('nobody'), '{ own }')).status).toBe(401)
  })

  test.each<[string, string, unknown[], unknown[]]>([
    ['nobody', '{ shared }', ['max-age=60, public', false], NOT_KEPT],
    ['viewer', '{ shared }', ['max-age=60, public', false], NOT_KEPT],
    ['viewer', '{ kept }', ['max-age=60, private', true], NOT_KEPT],
    ['key a', '{ own }', ['max-age=60, private', true], NOT_KEPT],
    ['viewer', '{ shared kept }', ['max-age=60, private', true], NOT_KEPT],
    ['viewer', '{ unhinted }', NOT_KEPT, NOT_KEPT],
    ['nobody', '{ shared unhinted }', NOT_KEPT, NOT_KEPT],
    ['viewer', '{ shared @skip(if: true) own }', ['max-age=60, private', true], NOT_KEPT],
  ])(
    'the answer to %s for %s says who may keep it, and with what it cost nobody may',
    async (name, query, plain, costed) => {
      const who = known(name)
      graph.scores.reply(mirror)
      expect(keptAs((await ask(who, query)).headers)).toEqual(plain)
      expect(keptAs((await ask(who, query)).headers)).toEqual(plain)
      const { headers, extensions } = await ask(who, query, {}, { 'x-courtside-cost': '1' })
      expect([keptAs(headers), extensions]).toEqual([costed, { cost: expect.anything() }])
      expect((await ask(who, query)).extensions).toBeUndefined()
    },
  )

  test('what it cost is told to each who asked for that, of those who share an answer, and is their own', async () => {
    const query = '{ shared(text: "cost") }'
    const withCost = { 'x-courtside-cost': '1' }
    const [first, second, third] = await together([
      () => ask(known('viewer'), query, {}, withCost),
      () => ask(known('admin'), query),
      () => ask(known('key a'), query, {}, withCost),
    ])
    expect(held).toHaveLength(1)
    expect(first!.extensions).toMatchObject({ cost: { requested: expect.any(Number) } })
    expect(third!.extensions).toMatchObject({ cost: { requested: expect.any(Number) } })
    expect(second!.extensions).toBeUndefined()
    expect(keptAs(second!.headers)).toEqual(['max-age=60, public', false])
    expect([keptAs(first!.headers), keptAs(third!.headers)]).toEqual([NOT_KEPT, NOT_KEPT])
  })

  test('a session that has ended gets nothing a second later, not even of what it had asked for before', async () => {
    const { accounts, clock } = graph.gateway
    const { token, sessionId } = await accounts.signIn('viewer', {
      expiresAt: new Date(Date.now() + 86_400_000),
    })
    const own = () => graph.gateway.graphql('{ own }', { token })
    const before = own()
    await until(() => held.length === 1)
    accounts.sessions.delete(sessionId)
    clock.advance(1_000)
    expect(await own()).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    expect(held).toHaveLength(1)
    held.forEach(mirror)
    expect((await before).errors).toEqual([])
    expect((await own()).status).toBe(401)
  })

  test('a person whose role has changed does not share what they asked for as who they were', async () => {
    const { accounts, clock } = graph.gateway
    const { token, userId, sessionId } = await accounts.signIn('admin', {
      expiresAt: new Date(Date.now() + 86_400_000),
    })
    const own = () => graph.gateway.graphql('{ own }', { token })
    const before = own()
    await until(() => held.length === 1)
    accounts.sessions.set(sessionId, { userId, role: 'viewer' })
    clock.advance(1_000)
    const after = own()
    await until(() => held.length === 2)
    expect(held.map((asked) => viewerOf(asked).principal)).toMatchObject([
      { userId, roles: ['admin'] },
      { userId, roles: ['viewer'] },
    ])
    held.forEach(mirror)
    await Promise.all([before, after])
  })

  /** Operations whose texts differ in one thing alone: a literal, an alias, a directive, a name, a field. */
  const OPERATIONS = [
    'query ($a: String, $b: String) { x: kept(text: $a) y: kept(text: $b) }',
    'query ($b: String, $a: String) { x: kept(text: $a) y: kept(text: $b) }',
    'query ($a: String, $b: String) { y: kept(text: $a) x: kept(text: $b) }',
    'query ($a: String, $b: String) { x: shared(text: $a) y: shared(text: $b) }',
    'query ($a: String = "null", $b: String) { x: shared(text: $a) y: shared(text: $b) }',
    'query ($a: String, $b: String) { x: shared(text: $a) y: unhinted(text: $b) }',
    'query ($__proto__: String, $constructor: String) { x: shared(text: $__proto__) y: shared(text: $constructor) }',
    'query ($__proto__: String, $constructor: String) { x: kept(text: $__proto__) y: kept(text: $constructor) }',
    '{ shared(text: "1") }',
    '{ shared(text: "2") }',
    '{ one: shared(text: "1") }',
    '{ __proto__: shared(text: "1") }',
    '{ constructor: kept(text: "1") }',
    'query ($s: Boolean = false) { a: shared @skip(if: $s) b: shared }',
    'query ($s: Boolean = true) { a: shared @skip(if: $s) b: shared }',
    'query ($s: Boolean = false) { a: kept @include(if: $s) b: kept }',
  ]
  const anyText = fc.constantFrom(
    null,
    '',
    'null',
    '1',
    '"',
    ',',
    '],[',
    '"]everybody',
    'everybody',
    '","',
    '\\',
    '__proto__',
    '["user",null]3:One',
  )
  const anyVariables = fc
    .record(
      { a: anyText, b: anyText, constructor: anyText, proto: anyText, s: fc.boolean() },
      { requiredKeys: [] },
    )
    // As JSON brings it: a name of its own, not the prototype.
    .map((given): Record<string, unknown> =>
      JSON.parse(JSON.stringify(given).replace('"proto":', '"__proto__":')),
    )
  const anyRequests = fc.array(
    fc.record({ who: fc.nat(7), operation: fc.constantFrom(...OPERATIONS), variables: anyVariables }),
    { minLength: 20, maxLength: 60 },
  )

  test('whoever sends whatever together with whomever is given what is theirs', async () => {
    let shared = 0
    await fc.assert(
      fc.asyncProperty(anyRequests, async (requests) => {
        held = []
        const joinedBefore = await joined()
        const hitsBefore = await hits()
        const answers = await together(
          requests.map(
            ({ who, operation, variables }) =>
              () =>
                ask(people[who] as Somebody, operation, variables),
          ),
        )
        shared += (await joined()) - joinedBefore + ((await hits()) - hitsBefore)
        for (const [index, { who, operation, variables }] of requests.entries()) {
          const isForEverybody = !/kept|unhinted|own/.test(operation)
          const viewer = isForEverybody ? NOBODY : (people[who] as Somebody).viewer
          const { data, errors } = answers[index]!
          expect(errors).toEqual([])
          // Equal to the letter, names in their order too.
          expect(JSON.stringify(data)).toBe(JSON.stringify(mirrored({ query: operation, variables }, viewer)))
        }
      }),
      { numRuns: 20 },
    )
    expect(shared).toBeGreaterThan(100)
  })
})
