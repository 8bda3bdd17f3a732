import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { GatewayOptions } from './compose.ts'
import {
  crowdWell,
  openScriptedGraph,
  type ScriptedGraph,
  scoresWell,
  seenBy,
} from './fixtures/scripted-graph.ts'
import {
  bytes,
  hangUp,
  json,
  openScriptedSubgraph,
  type Reply,
  silence,
  text,
} from './fixtures/scripted-subgraph.ts'

const PAGE = '{ game(id: "1") { title seats } weather }'
const WHOLE = { game: { title: 'Final', seats: 8_000 }, weather: 'dry' }
const START = 'mutation { start(id: "1") { title } }'

/** What must never reach a client: where a subgraph is, what it said, and how we call the parts of our machinery. */
const INTERNAL =
  /127\.0\.0\.1|localhost|ECONN|UND_ERR|undici|socket|<html|vault|stack|serviceName|_entities|scores|crowd/i

/** As much of a body as makes it believe that there is more. */
const cutOff = bytes(
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"data":{"weather":"dr',
)
const unfinishedChunks = bytes(
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"dat\r\n',
)

/** Each way of not answering. None of them names a time after which to come again. */
const FAULTS: readonly [string, Reply][] = [
  ['breaks the connection', hangUp],
  ['breaks it in the middle of a body', cutOff],
  ['breaks it between two chunks', unfinishedChunks],
  ['says nothing until it is too late', silence],
  ['speaks another protocol', bytes('SSH-2.0-OpenSSH_9.6\r\n')],
  ['answers with a page', text('<html>nginx at /vault</html>')],
  ['answers with nothing', text('')],
  ['answers with half of its JSON', text('{"data":{"weather":')],
  ['answers with JSON that is no answer', json(['vault'])],
  ['answers with data that is no object', json({ data: 'vault' })],
  ['answers with errors that are none', json({ data: {}, errors: [{ vault: true }] })],
  ['answers without data and without an error', json({ data: null })],
  ['answers with a list of no errors', json({ errors: [] })],
  ['fails', text('<html>at vault.js:1</html>', 500)],
  ['is not where it should be', text('<html>Not found</html>', 404)],
  ['sends elsewhere', text('', 302, { location: 'http://vault.invalid/' })],
  ['is too busy', text('Slow down', 429)],
  ['is not reached by its proxy', text('<html>Bad gateway</html>', 502)],
]

const LANES: readonly [string, boolean][] = [
  ['fast', false],
  ['slow', true],
]

describe.each(LANES)('in the %s lane, a subgraph', (_, slowOnly) => {
  let graph: ScriptedGraph
  const open = async (options: Partial<GatewayOptions> = {}) => {
    graph = await openScriptedGraph({ slowOnly, ...options })
  }
  beforeEach(() => open({ subgraphDeadlineMs: 300 }))
  afterEach(() => graph.stop())

  const ask = (query: string) => graph.gateway.graphql(query)
  const missing = { code: 'SUBGRAPH_UNAVAILABLE', retryable: true }
  const partsOf = (errors: Awaited<ReturnType<typeof ask>>['errors']) =>
    new Map(errors.map(({ path, extensions }) => [(path ?? []).join('.'), extensions]))

  test.each(FAULTS)(
    'that %s costs its own part alone, and no mutation is sent to it twice',
    async (__, fault) => {
      graph.crowd.reply(fault)
      const without = await ask(PAGE)
      expect([without.status, without.data]).toEqual([
        200,
        { game: { title: 'Final', seats: null }, weather: null },
      ])
      expect(partsOf(without.errors)).toEqual(
        new Map([
          ['weather', missing],
          ['game.seats', missing],
        ]),
      )

      graph.crowd.reply(crowdWell)
      expect(await ask(PAGE)).toMatchObject({ status: 200, data: WHOLE, errors: [] })

      graph.scores.reply(fault)
      const first = await ask(PAGE)
      expect([first.status, first.data]).toEqual([200, { game: null, weather: 'dry' }])
      expect(partsOf(first.errors)).toEqual(new Map([['game', missing]]))

      const askedBefore = graph.scores.asked.length
      const changed = await ask(START)
      expect(changed.data).toEqual({ start: null })
      expect(partsOf(changed.errors)).toEqual(new Map([['start', { ...missing, retryable: false }]]))
      expect(graph.scores.asked).toHaveLength(askedBefore + 1)

      expect(JSON.stringify([without.errors, first.errors, changed.errors])).not.toMatch(INTERNAL)
    },
  )

  test('that is down, and back under its address', async () => {
    const { port } = new URL(graph.crowd.url)
    await graph.crowd.close()
    const { data, errors } = await ask(PAGE)
    expect(data).toEqual({ game: { title: 'Final', seats: null }, weather: null })
    expect(JSON.stringify(errors)).not.toMatch(INTERNAL)
    graph.crowd = await openScriptedSubgraph(Number(port))
    graph.crowd.reply(crowdWell)
    expect(await ask(PAGE)).toMatchObject({ data: WHOLE, errors: [] })
  })

  test('that is down is not held against a mutation that it never saw', async () => {
    await graph.scores.close()
    expect(partsOf((await ask(START)).errors)).toEqual(new Map([['start', missing]]))
    const { port } = new URL(graph.scores.url)
    graph.scores = await openScriptedSubgraph(Number(port))
    graph.scores.reply(scoresWell)
    expect(await ask(START)).toMatchObject({ data: { start: { title: 'Final' } }, errors: [] })
  })

  test.each([
    [429, '0'],
    [503, '0'],
    [502, undefined],
    [504, undefined],
  ])('that says %i once is asked a second time for a read', async (status, retryAfter) => {
    const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
    graph.crowd.reply(text('Later', status, headers), crowdWell)
    expect(await ask('{ weather }')).toMatchObject({ data: { weather: 'dry' }, errors: [] })
    expect(graph.crowd.asked).toHaveLength(2)
  })

  test.each([429, 503])(
    'that says %i and when is not asked before, and the client is told',
    async (status) => {
      await graph.stop()
      // There would be time enough.
      await open({ subgraphDeadlineMs: 15_000 })
      graph.crowd.reply(text('Later', status, { 'retry-after': '7' }))
      const { errors } = await ask('{ weather }')
      expect(partsOf(errors)).toEqual(new Map([['weather', { ...missing, retryAfterSeconds: 7 }]]))
      expect(graph.crowd.asked).toHaveLength(1)
    },
  )

  test('that is slow is given up at the deadline of the whole request, however many calls it takes', async () => {
    await graph.stop()
    await open({ subgraphDeadlineMs: 60_000, requestDeadlineMs: 200 })
    graph.crowd.reply(silence)
    const began = performance.now()
    const { data, errors } = await ask(PAGE)
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(data).toEqual({ game: { title: 'Final', seats: null }, weather: null })
    expect(partsOf(errors).get('game.seats')).toEqual(missing)
    for (const { left } of graph.crowd.asked) await left
  })

  test('that says when it must be done by: each call is told what is left', async () => {
    await graph.stop()
    await open({ subgraphDeadlineMs: 60_000, requestDeadlineMs: 5_000 })
    await ask(PAGE)
    const [deadline] = graph.crowd.asked.map(({ headers }) => Number(headers['x-deadline']))
    expect(deadline).toBeGreaterThan(Date.now())
    expect(deadline).toBeLessThanOrEqual(Date.now() + 5_000)
  })

  test('that fails again and again is not asked for a while, which is told at once, and then asked again', async () => {
    graph.crowd.reply(text('<html></html>', 500))
    const told = () =>
      graph.gateway.log.lines.filter(({ message }) => message.includes('not asked for a while'))
    while (told().length === 0) expect((await ask('{ weather }')).errors).toHaveLength(1)
    expect(graph.crowd.asked.length).toBeGreaterThanOrEqual(20)
    const askedBefore = graph.crowd.asked.length

    graph.crowd.reply(crowdWell)
    const { data, errors } = await ask(PAGE)
    expect(data).toEqual({ game: { title: 'Final', seats: null }, weather: null })
    const wait = { ...missing, retryAfterSeconds: 1 }
    expect(partsOf(errors)).toEqual(
      new Map([
        ['weather', wait],
        ['game.seats', wait],
      ]),
    )
    expect(graph.crowd.asked).toHaveLength(askedBefore)
    expect(await graph.figure('courtside_gateway_subgraph_breaker', '"crowd"', '"open"')).toBe(1)

    // As long as the client was told to wait.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    // One request is let through to see whether it is well again.
    expect(await ask('{ weather }')).toMatchObject({ data: { weather: 'dry' }, errors: [] })
    expect(await ask(PAGE)).toMatchObject({ data: WHOLE, errors: [] })
    expect(await graph.figure('courtside_gateway_subgraph_breaker', '"crowd"', '"closed"')).toBe(1)
  })
})

describe.each(LANES)('in the %s lane, a subgraph that breaks its own schema', (_, slowOnly) => {
  let graph: ScriptedGraph
  beforeAll(async () => {
    graph = await openScriptedGraph({ slowOnly })
  })
  afterAll(() => graph.stop())
  const ask = (query: string) => graph.gateway.graphql(query)
  const QUESTION = '{ game(id: "1") { title seats mood names stand { name } } }'
  const sound = {
    title: 'Final',
    seats: 8_000,
    mood: 'LOUD',
    names: ['A', 'B'],
    stand: { name: 'Stand north' },
  }
  const crowdSees = (seen: unknown): Reply => json({ data: { _entities: seen } })

  test.each<[string, unknown, Partial<Record<keyof typeof sound, null>>]>([
    ['a word for a number', [{ ...seenBy, seats: 'many' }], { seats: null }],
    ['an object for a number', [{ ...seenBy, seats: { toString: 1 } }], { seats: null }],
    ['a number that is none', [{ ...seenBy, seats: 1e300 }], { seats: null }],
    ['a word that its enum lacks', [{ ...seenBy, mood: 'ANGRY' }], { mood: null }],
    ['a name of all objects for one of its enum', [{ ...seenBy, mood: 'constructor' }], { mood: null }],
    ['nothing where something must be', [{ ...seenBy, names: ['A', null] }], { names: null }],
  ])('by %s leaves null there, says so, and costs nothing else', async (__, seen, holes) => {
    graph.crowd.reply(crowdSees(seen))
    const { status, data, errors } = await ask(QUESTION)
    expect([status, data]).toEqual([200, { game: { ...sound, ...holes } }])
    expect(JSON.stringify(errors)).not.toMatch(INTERNAL)
    for (const { path, extensions } of errors) {
      expect(extensions).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) })
      expect(path?.slice(0, 2)).toEqual(['game', Object.keys(holes)[0]])
    }
    expect(errors.length).toBeGreaterThan(0)
    graph.crowd.reply(crowdWell)
    expect((await ask(QUESTION)).data).toEqual({ game: sound })
  })

  test.each<[string, unknown]>([
    ['a list for an object', [{ ...seenBy, stand: [1] }]],
    ['a word for an object', [{ ...seenBy, stand: 'north' }]],
    ['an object for a list', [{ ...seenBy, names: { 0: 'A' } }]],
    ['a word for the list of entities', 'vault'],
    ['words for entities', ['vault']],
    ['too few entities', []],
    ['too many entities', [seenBy, seenBy]],
    ['an entity of another type', [{ __typename: 'Vault', seats: 1 }]],
    ['names that every object has', [JSON.parse('{"__proto__":{"seats":1},"constructor":1}')]],
  ])('by %s costs neither the process nor the next answer, and leaks nothing', async (__, seen) => {
    graph.crowd.reply(crowdSees(seen))
    const answer = await ask(QUESTION)
    expect(answer.status).toBe(200)
    expect(JSON.stringify(answer.data)).not.toMatch(INTERNAL)
    expect(JSON.stringify(answer.errors)).not.toMatch(INTERNAL)
    graph.crowd.reply(crowdWell)
    expect((await ask(QUESTION)).data).toEqual({ game: sound })
    expect(Object.hasOwn(Object.prototype, 'seats')).toBe(false)
  })

  test('by lists within lists beyond all measure ends that request alone', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    graph.crowd.reply(text(`{"data":{"weather":${deep}}}`, 200, { 'content-type': 'application/json' }))
    const { data, errors } = await ask('{ weather }')
    expect(data).toEqual({ weather: null })
    expect(errors).toMatchObject([{ path: ['weather'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }])
    graph.crowd.reply(crowdWell)
    expect((await ask('{ weather }')).data).toEqual({ weather: 'dry' })
  })
})
