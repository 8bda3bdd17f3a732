import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type DocumentNode, parse, validate } from 'graphql'
import { BREAKAGES, expectSameEvent, FAILURES, type OpenGraph, openGraph } from './fixtures/index.ts'
import { LEAGUE } from './fixtures/league.ts'
import { MEDIA, MEDIA_QUERIES } from './fixtures/media.ts'
import { loadGraph } from './graph/index.ts'
import { createEngine, type SubgraphAnswer, type SubgraphFetch } from './index.ts'

let media: OpenGraph
beforeAll(async () => {
  media = await openGraph(MEDIA)
})
afterAll(() => media.stop())

const HITS = MEDIA_QUERIES['a union over subgraphs'] ?? ''
/** A subscription has one root field. */
const ofOneField = Object.entries(MEDIA_QUERIES).filter(([, text]) => {
  const [operation] = parse(text).definitions.filter(({ kind }) => kind === 'OperationDefinition')
  return operation?.kind === 'OperationDefinition' && operation.selectionSet.selections.length === 1
})

describe('an event is completed as Apollo answers a query for the same', () => {
  test.each(ofOneField)('with %s', async (_, query) => {
    await expectSameEvent(media, { query })
  })

  test('through fragments, by names of the client', async () => {
    const { text } = await expectSameEvent(media, {
      query: `fragment S on Film { kind: __typename ...T } fragment T on Media { called: title s: score }
        { moved: film(id: "f1") { ...S minutes __proto__: title constructor: label } }`,
    })
    expect(text).toBe(
      '{"moved":{"kind":"Film","called":"Rain","s":5,"minutes":120,"__proto__":"Rain","constructor":"a film"}}',
    )
  })

  const CONDITIONAL =
    'query ($id: ID! = "f1", $a: Boolean!, $b: Boolean = false) { film(id: $id) { id score @include(if: $a) cast @skip(if: $b) { name @include(if: $b) handle } } }'
  test.each([
    [{ a: true }],
    [{ a: false }],
    [{ a: true, b: true }],
    [{ a: false, b: true, id: 'f2' }],
    [{ a: true, id: 'nobody' }],
  ])('where variables decide what is in it: %j', async (variables) => {
    await expectSameEvent(media, { query: CONDITIONAL, variables })
  })

  test.each(Object.entries(FAILURES))('when the subgraph that adds to it %s', async (_, mangling) => {
    const { asked } = await expectSameEvent(media, {
      query: HITS,
      mangle: (answer, { subgraph }) => (subgraph === 'catalog' ? answer : mangling(answer)),
    })
    expect(asked.length).toBeGreaterThan(1)
  })

  test.each(Object.entries(FAILURES))('when the subgraph that tells it %s', async (_, mangling) => {
    await expectSameEvent(media, {
      query: HITS,
      mangle: (answer, { subgraph }) => (subgraph === 'catalog' ? mangling(answer) : answer),
    })
  })

  test.each(Object.entries(BREAKAGES))('when in what is told and added %s', async (_, mangle) => {
    // A list without a hole: behind one Apollo tells wrong places.
    await expectSameEvent(media, { query: '{ media { id title score ... on Series { seasons } } }', mangle })
    await expectSameEvent(media, { query: '{ shelves { id title cast { fit name } } }', mangle })
  })

  test('when a part that must not be missing is: null goes up as far as it may', async () => {
    const { data, holes } = await expectSameEvent(media, {
      query: '{ hits { __typename ... on Series { seasons } ... on Film { title } } }',
      mangle: (answer) => JSON.parse(JSON.stringify(answer).replace('"seasons":3', '"seasons":null')),
    })
    expect(data).toMatchObject({ hits: [{ __typename: 'Film' }, { __typename: 'Person' }, null, null] })
    expect(holes).toHaveLength(1)
  })

  test('when a subgraph is away: what it adds is missing, and the errors say where', async () => {
    const { data, errors } = await expectSameEvent(media, {
      query: '{ film(id: "f1") { title score cast { id name } } }',
      mangle: (answer, { subgraph }) =>
        subgraph === 'people'
          ? { data: null, errors: [{ message: 'away', path: ['_entities', 1, 'name'] }] }
          : answer,
    })
    expect(data).toMatchObject({
      film: { title: 'Rain', score: 5, cast: [{ id: 'p1', name: null }, { id: 'p2' }] },
    })
    expect(errors.map(({ path }) => path)).toEqual([['film', 'cast', 1, 'name']])
  })
})

describe('a compiled subscription', () => {
  const graph = loadGraph(LEAGUE.supergraphSdl)
  const valid = (text: string): DocumentNode => {
    const document = parse(text)
    expect(validate(graph.schema, document)).toEqual([])
    return document
  }
  const nobody: SubgraphFetch<string> = () => Promise.reject(new Error('Nobody is to be asked'))
  const compile = (text: string, fetch = nobody, name: string | null = null) =>
    createEngine<string>({ graph, fetch }).compileSubscription(valid(text), name)
  const event = (): SubgraphAnswer => ({
    data: { gameMoved: { title: 'Opening', home: { __typename: 'Team', id: '1' } } },
  })

  test('is opened by what one subgraph is asked, with the variables that it uses', () => {
    const { subgraph, request } = compile(
      'subscription Moves($upper: Boolean, $short: Boolean) { gameMoved { title(upper: $upper) home { name(short: $short) } } }',
    )
    const opening = request({ upper: true, short: true, other: 1 })
    expect(subgraph).toBe('games')
    expect(opening).toEqual({
      template: {
        query: expect.stringMatching(/^subscription Moves__games__0\(\$upper:Boolean\)/),
        operationName: 'Moves__games__0',
        type: 'subscription',
      },
      variables: { upper: true },
      representations: null,
    })
    expect(request({}).template).toBe(opening.template)
  })

  test('waits for nobody where nobody adds to it', () => {
    const { complete } = compile('subscription { gameMoved { title home { id } } }')
    expect(complete(event(), {}, '')).toEqual({
      data: '{"gameMoved":{"title":"Opening","home":{"id":"1"}}}',
      errors: [],
      holes: [],
    })
  })

  test('asks others on behalf of whoever it is completed for, with the rest of the variables', async () => {
    const seen: unknown[] = []
    const { complete } = compile(
      'subscription ($short: Boolean) { gameMoved { title home { name(short: $short) } } }',
      (subgraph, { variables, representations }, reader) => {
        seen.push([subgraph, variables, representations, reader])
        return Promise.resolve({ data: { _entities: [{ name: 'Nor' }] } })
      },
    )
    const { data } = await complete(event(), { short: true }, 'a reader')
    expect(data).toBe('{"gameMoved":{"title":"Opening","home":{"name":"Nor"}}}')
    expect(seen).toEqual([['teams', { short: true }, '[{"__typename":"Team","id":"1"}]', 'a reader']])
  })

  test('fails where the asking itself fails', async () => {
    const { complete } = compile('subscription { gameMoved { home { name } } }', () =>
      Promise.reject(new Error('no such host')),
    )
    await expect(complete(event(), {}, '')).rejects.toThrow('no such host')
  })

  test('checks its variables, also those that decide a branch', () => {
    const { checkVariables } = compile(
      'subscription ($a: Boolean = true) { gameMoved { title @include(if: $a) } }',
    )
    expect(checkVariables({})).toEqual([])
    expect(checkVariables({ a: null })).toHaveLength(1)
    expect(checkVariables({ a: 'yes' })).toHaveLength(1)
  })

  test('is chosen by its name, and shows its plan', () => {
    const text = 'query A { now } subscription B { gameMoved { home { name } } }'
    expect(compile(text, nobody, 'B').describePlan()).toMatch(/Subscription[^]*games[^]*teams/)
    expect(() => compile(text, nobody, 'A')).toThrow('The operation is no subscription')
  })
})
