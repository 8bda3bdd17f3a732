import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type DocumentNode, parse, validate } from 'graphql'
import { loadGraph } from './graph/index.ts'
import { createEngine, type SubgraphFetch } from './index.ts'
import { expectSame, type OpenGraph, openGraph } from './fixtures/index.ts'
import { LEAGUE } from './fixtures/league.ts'

let league: OpenGraph
beforeAll(async () => {
  league = await openGraph(LEAGUE)
})
afterAll(() => league.stop())

describe('the engine answers as Apollo does', () => {
  test.each([
    ['a page of one subgraph', '{ games { id title } now }'],
    ['a hop to teams', '{ games { title home { name city } away { name } } }'],
    ['two hops, with what is required from the first', '{ games { home { motto points name } } }'],
    ['lists in lists', '{ rounds { title home { name points } } }'],
    ['root fields of two subgraphs', '{ teams { name points } games(first: 1) { odds } }'],
    [
      'the same field twice with other arguments',
      '{ games { a: title b: title(upper: true) home { x: name y: name(short: true) } } }',
    ],
    [
      'hostile names',
      '{ constructor __proto__: now toString: now games { __proto__: title home { constructor hasOwnProperty: name __proto__: city } } }',
    ],
    ['a name that nobody answers', '{ games { venue { constructor: name } } }'],
    [
      'the schema beside data',
      '{ __typename __schema { queryType { name } } games(first: 1) { __typename home { name } } }',
    ],
    ['nothing but its own name', '{ __typename }'],
    ['the root type below itself', '{ again { now teams { name points } again { teams { city } } } }'],
    [
      'mutations one after the other',
      'mutation { a: count(step: 1) found(name: "New") { name points } rename(id: 10, title: "T") { title home { name } } b: count(step: 2) }',
    ],
  ])('to %s', async (_, query) => {
    const answer = await expectSame(league, { query })
    expect(answer.errors).toEqual([])
  })
})

const graph = loadGraph(LEAGUE.supergraphSdl)
const engineOf = (fetch: SubgraphFetch<string>) => createEngine({ graph, fetch })
const valid = (text: string): DocumentNode => {
  const document = parse(text)
  expect(validate(graph.schema, document)).toEqual([])
  return document
}

describe('an operation', () => {
  test('is sent with what the plan made once, the variables it uses, and what the caller knows', async () => {
    const asked: unknown[] = []
    const operation = engineOf((subgraph, request, context) => {
      asked.push({ subgraph, ...request, context })
      return Promise.resolve({ data: { a: 'Noon', b: null } })
    }).compile(valid('query Q($id: ID!, $upper: Boolean) { a: game(id: $id) { title(upper: $upper) } }'), 'Q')
    await operation.execute({ id: '1', unknown: 2 }, 'the caller')
    expect(asked).toEqual([
      {
        subgraph: 'games',
        template: {
          query: 'query Q__games__0($id:ID!$upper:Boolean){a:game(id:$id){title(upper:$upper)}}',
          operationName: 'Q__games__0',
          type: 'query',
        },
        variables: { id: '1' },
        representations: null,
        context: 'the caller',
      },
    ])
  })

  test('is answered as text or as data', async () => {
    const operation = engineOf(() => Promise.resolve({ data: { now: 'noon' } })).compile(
      valid('{ now }'),
      null,
    )
    expect(await operation.execute({}, '')).toEqual({ data: '{"now":"noon"}', errors: [], holes: [] })
    expect(await operation.executeToData({}, '')).toEqual({ data: { now: 'noon' }, errors: [], holes: [] })
  })

  test('is answered as data also where a type is broken', async () => {
    const operation = engineOf(() => Promise.resolve({ data: { now: null } })).compile(valid('{ now }'), null)
    const hole = {
      message: 'Cannot return null for non-nullable field Query.now.',
      path: ['now'],
      gone: false,
    }
    expect(await operation.executeToData({}, '')).toEqual({ data: null, errors: [], holes: [hole] })
    expect(await operation.execute({}, '')).toEqual({ data: 'null', errors: [], holes: [hole] })
  })

  test('sends mutations one after the other', async () => {
    const running = new Set<string>()
    const operation = engineOf(async (subgraph) => {
      expect([...running]).toEqual([])
      running.add(subgraph)
      await Promise.resolve()
      running.delete(subgraph)
      return { data: {} }
    }).compile(valid('mutation { count(step: 1) found(name: "N") { id } other: count(step: 2) }'), null)
    const { holes } = await operation.execute({}, '')
    expect(holes.length).toBeGreaterThan(0)
  })

  test('cannot use the name that the planner needs for itself', async () => {
    const query = 'query ($representations: Boolean) { games { home { name(short: $representations) } } }'
    const operation = engineOf(() =>
      Promise.resolve({ data: { games: [{ home: { __typename: 'Team', id: '1' } }] } }),
    ).compile(valid(query), null)
    const { errors } = await operation.execute({ representations: true }, '')
    expect(errors.map(({ message }) => message)).toEqual(['Variables cannot contain key "representations"'])
  })

  test('fails as a whole where asking itself is at fault', async () => {
    const operation = engineOf((subgraph) =>
      subgraph === 'teams' ? Promise.reject(new Error('no such host')) : Promise.resolve({ data: {} }),
    ).compile(valid('{ now teams { name } }'), null)
    await expect(operation.execute({}, '')).rejects.toThrow('no such host')
  })

  test('is chosen by its name', () => {
    const engine = engineOf(() => Promise.resolve({}))
    const document = valid('query A { now } query B { teams { name } }')
    expect(engine.compile(document, 'B').describePlan()).toContain('Fetch(service: "teams")')
    expect(() => engine.compile(document, 'C')).toThrow('The document holds no operation C')
    expect(() => engine.compile(document, null)).toThrow('The document holds no operation that needs no name')
  })

  test('is refused where it is a subscription', () => {
    const engine = engineOf(() => Promise.resolve({}))
    expect(() => engine.compile(valid('subscription { gameMoved { title } }'), null)).toThrow(
      'A subscription has no single answer: compile it as one',
    )
  })
})

describe('a variable that decides a branch', () => {
  const operation = engineOf(() => Promise.resolve({})).compile(
    valid(
      'query ($no: Boolean = true) { now @skip(if: $no) game(id: "1") { ...F } } fragment F on Game { title @include(if: $no) }',
    ),
    null,
  )

  test.each([[{}], [{ no: true }], [{ no: false }]])('may be %j', (variables) => {
    expect(operation.checkVariables(variables)).toEqual([])
  })

  test('may not be null, although its type takes null', () => {
    expect(operation.checkVariables({ no: null }).map(({ message }) => message)).toEqual([
      'Variable "$no" must not be null where it decides a @skip or @include.',
    ])
    expect(operation.checkVariables({ no: 5 })).toHaveLength(1)
  })
})
