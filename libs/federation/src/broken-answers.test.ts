import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  BREAKAGES,
  expectSame,
  FAILURES,
  type Mangle,
  type OpenGraph,
  openGraph,
  type SubgraphResult,
} from './fixtures/index.ts'
import { LEAGUE } from './fixtures/league.ts'
import { MEDIA } from './fixtures/media.ts'

let league: OpenGraph
let media: OpenGraph
beforeAll(async () => {
  league = await openGraph(LEAGUE)
  media = await openGraph(MEDIA)
})
afterAll(() => Promise.all([league.stop(), media.stop()]))

const HOPS =
  '{ games { title venue { name seats } home { motto points name } away { name city } } teams { rivals { name } } }'
const MUTATIONS =
  'mutation { a: count(step: 1) found(name: "New") { name points } rename(id: 10, title: "T") { home { name } } }'
const TYPES = '{ media { title score reviews { text author { name weight } } } trainees { plan } }'
/** Two subgraphs answer parts of one value: which of two contradictions wins is up to who answers last. */
const SHARED = '{ trainees { name address { street city country { code name } } } }'

const every = (mangle: Mangle): Mangle => mangle
const only =
  (subgraph: string, mangle: Mangle): Mangle =>
  (answer, operation) =>
    operation.subgraph === subgraph ? mangle(answer, operation) : answer

describe('the engine answers as Apollo does when a subgraph', () => {
  test.each(Object.entries(FAILURES))('%s', async (_, mangling) => {
    for (const mangle of [
      every(mangling),
      only('games', mangling),
      only('teams', mangling),
      only('figures', mangling),
    ]) {
      await expectSame(league, { query: HOPS, mangle })
      await expectSame(league, { query: MUTATIONS, mangle })
    }
    for (const subgraph of ['catalog', 'reviews', 'people', 'fitness', 'plans']) {
      await expectSame(media, { query: TYPES, mangle: only(subgraph, mangling) })
      await expectSame(media, { query: SHARED, mangle: only(subgraph, mangling) })
    }
  })
})

describe('the engine answers as Apollo does when in the answers of a subgraph', () => {
  test.each(Object.entries(BREAKAGES))('%s', async (_, mangling) => {
    for (const subgraph of ['games', 'teams', 'figures']) {
      await expectSame(league, { query: HOPS, mangle: only(subgraph, mangling) })
      await expectSame(league, { query: MUTATIONS, mangle: only(subgraph, mangling) })
    }
    for (const subgraph of ['catalog', 'reviews', 'people', 'fitness', 'plans']) {
      await expectSame(media, { query: TYPES, mangle: only(subgraph, mangling) })
    }
  })
})

type Entities = readonly (Record<string, unknown> | null)[]

const onlyEntities = (subgraph: string, change: (entities: Entities) => Partial<SubgraphResult>): Mangle =>
  only(subgraph, (answer) => {
    const entities = (answer.data as { _entities?: Entities } | null)?._entities
    return entities ? { ...answer, ...change(entities) } : answer
  })

test.each([
  ['too few', (entities: Entities) => entities.slice(1)],
  ['too many', (entities: Entities) => [...entities, null]],
])('the engine answers as Apollo does when there are %s entities', async (_, change) => {
  const mangle = onlyEntities('figures', (entities) => ({ data: { _entities: change(entities) } }))
  const { errors } = await expectSame(league, { query: '{ games { odds } }', mangle })
  expect(errors.map(({ message }) => message)).toEqual(['Expected "data._entities" to contain 3 elements'])
})

describe('where Apollo gives up or blames another, the engine', () => {
  test.each([
    ['a text', 'text'],
    ['a number', 5],
    ['a list', [1]],
  ])('joins what is an entity, and reports that %s is none', async (_, nonsense) => {
    const mangle = onlyEntities('figures', ([, ...others]) => ({
      data: { _entities: [nonsense, ...others] },
    }))
    const { data, errors } = await league.ours({ query: '{ games { odds } }', mangle })
    expect(data).toEqual({ games: [{ odds: null }, { odds: 11 / 8 }, { odds: 12 / 8 }] })
    expect(errors).toEqual([
      {
        message: 'Expected "data._entities" to contain objects, and 1 are none',
        extensions: { code: 'INTERNAL_SERVER_ERROR', serviceName: 'figures' },
      },
    ])
  })

  test('places an error by the entity that was asked for, however many were passed over before it', async () => {
    const query = '{ latest { about { ... on Film { minutes } } } }'
    const mangle = onlyEntities('people', (entities) => ({
      errors: entities.map((_, index) => ({ message: `no ${index}`, path: ['_entities', index, 'minutes'] })),
    }))
    const { errors } = await media.ours({ query, mangle })
    // The second is a series, of which nobody asks how long it is.
    expect(errors.map(({ message, path }) => ({ message, path }))).toEqual([
      { message: 'no 0', path: ['latest', 0, 'about', 'minutes'] },
      { message: 'no 1', path: ['latest', 2, 'about', 'minutes'] },
    ])
  })

  test('reports an error at each place of an entity that it asked for once', async () => {
    const mangle = onlyEntities('teams', (entities) => ({
      errors: entities.map((_, index) => ({ message: `no ${index}`, path: ['_entities', index, 'city'] })),
    }))
    const { errors, asked } = await league.ours({ query: '{ games { home { city } } }', mangle })
    expect(asked[1]?.variables['representations']).toHaveLength(2)
    expect(errors.map(({ message, path }) => ({ message, path }))).toEqual([
      { message: 'no 0', path: ['games', 0, 'home', 'city'] },
      { message: 'no 0', path: ['games', 2, 'home', 'city'] },
      { message: 'no 1', path: ['games', 1, 'home', 'city'] },
    ])
  })

  test.each([
    [
      'errors that are no list',
      'broken',
      'Expected "errors" in response to be an array',
      'INTERNAL_SERVER_ERROR',
    ],
    [
      'an error that is none',
      [null],
      'Error while fetching subquery from service "games"',
      'DOWNSTREAM_SERVICE_ERROR',
    ],
    [
      'an error of nonsense',
      [{ message: 5, extensions: 5, path: 5 }],
      'Error while fetching subquery from service "games"',
      'DOWNSTREAM_SERVICE_ERROR',
    ],
  ])('keeps the data beside %s', async (_, errors, message, code) => {
    const { data, errors: told } = await league.ours({
      query: '{ now }',
      mangle: ({ data: given }) => ({ data: given, errors }),
    })
    expect(data).toEqual({ now: 'noon' })
    expect(told).toEqual([{ message, extensions: { serviceName: 'games', code } }])
  })

  test('reports a list that bars the way to entities, and answers the rest', async () => {
    const games = [[{ home: { __typename: 'Team', id: '1' } }]]
    const mangle = only('games', ({ data }) => ({ data: { ...(data as object), games } }))
    const answer = await league.ours({ query: '{ games { away { city } } now }', mangle })
    expect(answer.data).toEqual({ games: [{ away: null }], now: 'noon' })
    expect(answer.errors).toEqual([
      {
        message: 'Expected an object at games.@, and no list',
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      },
    ])
  })
})
