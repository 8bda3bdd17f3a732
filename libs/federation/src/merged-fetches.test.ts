import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { BREAKAGES, expectSame, FAILURES, type Mangle, type OpenGraph, openGraph } from './fixtures/index.ts'
import { LEAGUE } from './fixtures/league.ts'
import { MEDIA, MEDIA_QUERIES } from './fixtures/media.ts'

let league: OpenGraph
let media: OpenGraph
beforeAll(async () => {
  league = await openGraph(LEAGUE, { mergeEntityFetches: true })
  media = await openGraph(MEDIA, { mergeEntityFetches: true })
})
afterAll(() => Promise.all([league.stop(), media.stop()]))

const BOTH =
  'query ($short: Boolean, $upper: Boolean) { games { title(upper: $upper) home { name(short: $short) ...T } away { ...T n: name } } } fragment T on Team { city founded }'
const only =
  (subgraph: string, mangle: Mangle): Mangle =>
  (answer, operation) =>
    operation.subgraph === subgraph ? mangle(answer, operation) : answer

describe('merged fetches', () => {
  test('go to a subgraph once', async () => {
    const variables = { short: true, upper: true }
    const answer = await expectSame(league, { query: BOTH, variables })
    const [, ...asked] = answer.asked
    expect(asked).toHaveLength(1)
    expect(asked[0]?.variables).toEqual({
      short: true,
      representations: [
        { __typename: 'Team', id: '1' },
        { __typename: 'Team', id: '2' },
      ],
      representations1: [
        { __typename: 'Team', id: '2' },
        { __typename: 'Team', id: '1' },
        { __typename: 'Team', id: '99' },
      ],
    })
    expect(answer.holes.map(({ gone }) => gone)).toEqual([true])
  })

  test('keep the words of one that is left alone', async () => {
    const answer = await expectSame(league, {
      query: BOTH,
      mangle: only('games', (given) =>
        JSON.parse(JSON.stringify(given).replaceAll(/"away":{[^}]*}/g, '"away":null')),
      ),
    })
    expect(answer.asked).toHaveLength(2)
    expect(answer.asked[1]?.query).not.toContain('part0')
  })

  test.each(Object.entries(MEDIA_QUERIES))('answer as Apollo does to %s', async (_, query) => {
    await expectSame(media, { query })
  })

  test.each(Object.entries(BREAKAGES))(
    'answer as Apollo does when in the answers %s',
    async (_, mangling) => {
      await expectSame(league, { query: BOTH, mangle: only('games', mangling) })
    },
  )

  test.each(['is down', 'is down, with a code and a path', 'answers nothing'])(
    'answer as Apollo does when the subgraph %s',
    async (name) => {
      await expectSame(league, {
        query: BOTH,
        mangle: only('teams', (answer) => FAILURES[name]?.(answer) ?? answer),
      })
    },
  )

  test('place the errors of each part', async () => {
    const errors = [
      { message: 'home', path: ['part0', 1, 'city'] },
      { message: 'away', path: ['part1', 0, 'city'] },
      { message: 'all of it', path: ['part1'] },
      { message: 'anybody' },
    ]
    const { errors: told } = await league.ours({
      query: BOTH,
      mangle: only('teams', ({ data }) => ({ data, errors })),
    })
    expect(told.map(({ message, path }) => ({ message, path }))).toEqual([
      { message: 'all of it', path: ['games', '@', 'away', '_entities'] },
      { message: 'anybody' },
      { message: 'anybody' },
      { message: 'away', path: ['games', 0, 'away', 'city'] },
      { message: 'home', path: ['games', 1, 'home', 'city'] },
    ])
  })

  test('say why a part has no data where another part took it along', async () => {
    const errors = [
      { message: 'broken', path: ['part0', 0, 'name'] },
      { message: 'broken too', path: ['part0', 1, 'name'] },
    ]
    const { errors: told } = await league.ours({
      query: BOTH,
      mangle: only('teams', () => ({ data: null, errors })),
    })
    expect(told.map(({ message, path }) => ({ message, path }))).toEqual([
      { message: 'broken too', path: ['games', 1, 'home', 'name'] },
      { message: 'broken' },
      { message: 'broken', path: ['games', 0, 'home', 'name'] },
      { message: 'broken', path: ['games', 2, 'home', 'name'] },
    ])
  })

  test('report a part that was not answered, and join the others', async () => {
    const mangle = only('teams', ({ data }) => ({
      data: { part1: (data as Record<string, unknown>)['part1'] },
    }))
    const { data, errors } = await league.ours({
      query: '{ game(id: 10) { home { city } away { city name } } }',
      mangle,
    })
    expect(data).toEqual({ game: { home: { city: null }, away: { city: null, name: 'South Bay' } } })
    expect(errors.map(({ message }) => message)).toEqual([
      'Expected "data._entities" in response to be an array',
    ])
  })
})

test('a variable by the name of the representations keeps fetches apart', async () => {
  const query =
    'query ($representations1: Boolean) { games { home { name(short: $representations1) } away { name } } }'
  const { asked } = await expectSame(league, { query, variables: { representations1: true } })
  expect(asked).toHaveLength(3)
})
