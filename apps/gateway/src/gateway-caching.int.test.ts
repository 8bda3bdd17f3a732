import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ACCOUNTS_SDL } from './fixtures/accounts-fixture.ts'
import { composeSupergraph, type GatewayFixture, openGateway } from './fixtures/gateway-fixture.ts'
import { STATS_SDL } from './fixtures/stats-fixture.ts'

/** The fixture's stats, with hints. They are for the gateway, so the subgraph itself need not know them. */
const HINTED_STATS = `
  extend schema
    @link(url: "https://specs.courtside.example/cacheControl/v1.0", import: ["@cacheControl"])
    @composeDirective(name: "@cacheControl")
  directive @cacheControl(maxAge: Int, scope: cacheControl__Scope, inheritMaxAge: Boolean) on FIELD_DEFINITION
  enum cacheControl__Scope { PUBLIC PRIVATE }
  ${STATS_SDL.replace('import: ["@key",', 'import: ["@composeDirective", "@key",')
    .replace('game(id: ID!): Game @public', 'game(id: ID!): Game @public @cacheControl(maxAge: 4)')
    .replace('games: [Game!]! @public', 'games: [Game!]! @public @cacheControl(maxAge: 4, scope: PRIVATE)')
    .replace('broken: String @public', 'broken: String @public @cacheControl(maxAge: 4)')
    .replace('slow: String @public', 'slow: String @public @cacheControl(maxAge: 4)')}
`

const GAME = '{ game(id: "7") { title } }'

describe('GW-12: a graph with hints', () => {
  let fixture: GatewayFixture
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'courtside-hints-'))
    const supergraphFile = path.join(folder, 'supergraph.graphql')
    await writeFile(supergraphFile, composeSupergraph({ accounts: ACCOUNTS_SDL, stats: HINTED_STATS }))
    fixture = await openGateway('http', { supergraphFile })
  })
  afterAll(async () => {
    await fixture.stop()
    await rm(folder, { recursive: true })
  })

  /** The sum of a metric's series that carry this label. */
  const figure = async (metric: string, label = '') => {
    const text = await (await fetch(`${fixture.url}/metrics`)).text()
    const series = text.split('\n').filter((line) => line.startsWith(metric) && line.includes(label))
    return series.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  }
  const calls = () => figure('courtside_gateway_subgraph_call_duration_seconds_count', 'subgraph="stats"')
  const cacheEvents = (event: string) => figure('courtside_gateway_response_cache_total', `event="${event}"`)
  const joined = () => figure('courtside_gateway_shared_executions_total')
  const callsDuring = async (work: () => Promise<unknown>) => {
    const before = await calls()
    await work()
    return (await calls()) - before
  }
  const keptFor = (answer: { headers: Headers }) => answer.headers.get('cache-control')

  test('asks once for what everybody gets, and says how long it may be kept', async () => {
    fixture.clock.advance(10_000)
    const { token } = await fixture.accounts.signIn('viewer')
    const asked = await callsDuring(async () => {
      const first = await fixture.graphql(GAME)
      expect([first.data, keptFor(first)]).toEqual([{ game: { title: 'Game 7' } }, 'max-age=4, public'])
      fixture.clock.advance(1_000)
      const second = await fixture.graphql(GAME, { token })
      expect([second.data, keptFor(second)]).toEqual([{ game: { title: 'Game 7' } }, 'max-age=3, public'])
    })
    expect(asked).toBe(1)
    expect(await Promise.all(['miss', 'store', 'hit'].map(cacheEvents))).toEqual([1, 1, 1])
    fixture.clock.advance(3_000)
    expect(await callsDuring(() => fixture.graphql(GAME))).toBe(1)
  })

  test('asks again after a mutation', async () => {
    const { token } = await fixture.accounts.signIn('admin')
    await fixture.graphql(GAME)
    expect(await callsDuring(() => fixture.graphql(GAME))).toBe(0)
    const rename = 'mutation { renameGame(input: {id: "7", title: "Final"}) { title } }'
    const { errors, headers } = await fixture.graphql(rename, { token })
    expect([errors, keptFor({ headers })]).toEqual([[], 'private, no-store'])
    expect(await callsDuring(() => fixture.graphql(GAME))).toBe(1)
  })

  test('asks for each caller what is private or requires access, and tells caches to look who asks', async () => {
    const { token } = await fixture.accounts.signIn('admin')
    for (const query of ['{ games { title } }', '{ game(id: "7") { title scouting } }']) {
      const asked = await callsDuring(async () => {
        for (const who of [token, token]) {
          const answer = await fixture.graphql(query, { token: who })
          expect([answer.errors, keptFor(answer)]).toEqual([[], 'max-age=4, private'])
          expect(answer.headers.get('vary')).toContain('Authorization')
        }
      })
      expect(asked).toBe(2)
    }
  })

  test('keeps nothing that has an error, a part without a hint, or no answer', async () => {
    for (const query of ['{ broken }', '{ game(id: "7") { title } echo(text: "x") }', '{ nonsense }']) {
      const answers = [await fixture.graphql(query), await fixture.graphql(query)]
      expect(answers.map(keptFor)).toEqual(['private, no-store', 'private, no-store'])
    }
    expect(await callsDuring(() => fixture.graphql('{ broken }'))).toBe(1)
  })

  test('asks once for all who ask at the same time', async () => {
    const held = fixture.stats.holdSlow()
    const asked = await callsDuring(async () => {
      const first = fixture.graphql('{ slow }')
      await held.entered
      const others = Array.from({ length: 5 }, () => fixture.graphql('{ slow }'))
      // They have joined when their number is told.
      while ((await joined()) < 5) continue
      held.letGo()
      for (const { data } of await Promise.all([first, ...others])) expect(data).toEqual({ slow: 'done' })
    })
    expect(asked).toBe(1)
  })
})
