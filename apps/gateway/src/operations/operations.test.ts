import { describe, expect, test } from '@jest/globals'
import { buildSchema, parse } from 'graphql'
import { createAccessMap } from '../access/index.ts'
import { createCachePlanner, createCacheRules } from '../caching/index.ts'
import { createDemandRules, DEFAULT_LIMITS } from '../limits/index.ts'
import { chooseOperation, createPreparedDocuments } from './index.ts'

const sdl = 'type Query { game(id: ID): Game } type Game { title: String } type Mutation { rename: Game }'

const documentsIn = (production: boolean) =>
  createPreparedDocuments({
    schema: buildSchema(sdl),
    access: createAccessMap(parse(sdl)),
    demand: createDemandRules(buildSchema(sdl)),
    caching: createCachePlanner(createCacheRules(buildSchema(sdl))),
    limits: { ...DEFAULT_LIMITS, tokens: { anonymous: 10, known: 50 } },
    policy: { hideSchema: production },
  })

const refusal = (code: string, message = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) })

describe('preparing a document', () => {
  test('is done once for a text', () => {
    const documents = documentsIn(true)
    expect(documents.prepare('{ game { title } }', false)).toBe(documents.prepare('{ game { title } }', true))
    expect(documents.prepare('{ game { title }  }', false)).not.toBe(
      documents.prepare('{ game { title } }', false),
    )
  })

  test('measures the caller, not the cache: a long document that somebody else may send', () => {
    const documents = documentsIn(true)
    const long = '{ a: game { title } b: game { title } }'
    expect(() => documents.prepare(long, true)).not.toThrow()
    expect(() => documents.prepare(long, false)).toThrow(refusal('TOKEN_LIMIT_EXCEEDED'))
  })

  test.each([
    ['{ game', 'GRAPHQL_PARSE_FAILED', /Syntax Error/],
    ['{ game { title(', 'GRAPHQL_PARSE_FAILED', /Syntax Error/],
    ['"unterminated', 'GRAPHQL_PARSE_FAILED', /Unterminated/],
    ['{ game { tilte } }', 'GRAPHQL_VALIDATION_FAILED', /^Cannot query field "tilte" on type "Game"\.$/],
    ['{ game { __typename: title } }', 'GRAPHQL_VALIDATION_FAILED', /^__typename is the name of the type/],
    ['{ __schema { types { name } } }', 'INTROSPECTION_DISABLED', /off/],
    ['{ __type(name: "X") { name } }', 'INTROSPECTION_DISABLED', /off/],
  ])('refuses %s in production', (text, code, message) => {
    expect(() => documentsIn(true).prepare(text, true)).toThrow(refusal(code, message))
  })

  test('lets the type go by another name, and by its own', () => {
    expect(() => documentsIn(true).prepare('{ game { __typename a: __typename } }', true)).not.toThrow()
  })

  test('shows the schema in development', () => {
    expect(() => documentsIn(false).prepare('{ __schema { types { name } } }', true)).not.toThrow()
    expect(() => documentsIn(false).prepare('{ game { tilte } }', true)).toThrow(
      refusal('GRAPHQL_VALIDATION_FAILED', /Did you mean "title"\?/),
    )
  })

  test('says where a fault is', () => {
    expect(() => documentsIn(true).prepare('{\n  game { tilte } }', true)).toThrow(
      expect.objectContaining({
        errors: [expect.objectContaining({ locations: [{ line: 2, column: 10 }] })],
      }),
    )
  })
})

describe('what is remembered', () => {
  const remembering = 'type Query { game: Game games: [Game!]! } type Game { title: String next: [Game!]! }'
  const schema = buildSchema(remembering)
  const map = createAccessMap(parse(remembering))

  const documentsWith = (access = map) =>
    createPreparedDocuments({
      schema,
      access,
      demand: createDemandRules(schema),
      caching: createCachePlanner(createCacheRules(schema)),
      limits: DEFAULT_LIMITS,
      policy: { hideSchema: true },
    })

  test('is many short documents', () => {
    const documents = documentsWith()
    const first = documents.prepare('{ games { title } }', true)
    for (let n = 0; n < 200; n += 1) documents.prepare(`{ games { title } } #${n}`, true)
    expect(documents.prepare('{ games { title } }', true)).toBe(first)
  })

  test('is not many long ones, however few words they have', () => {
    const documents = documentsWith()
    const first = documents.prepare('{ games { title } }', true)
    for (let n = 0; n < 50; n += 1) documents.prepare(`{ games { title } } #${n}${'x'.repeat(250_000)}`, true)
    expect(documents.prepare('{ games { title } }', true)).not.toBe(first)
  })

  test('is what an operation requires, once it has run, and nothing of its neighbours', () => {
    const asked: string[] = []
    const documents = documentsWith({
      ...map,
      ofType: (name) => {
        asked.push(name)
        return map.ofType(name)
      },
    })
    const document = documents.prepare('query A { game { title } } query B { game { title } }', true)
    expect(asked).toEqual([])
    const operation = chooseOperation(document, 'B')
    const { requires, demand } = operation
    const askedOnce = asked.length
    expect(askedOnce).toBeGreaterThan(0)
    expect(operation.requires).toBe(requires)
    expect(operation.demand).toBe(demand)
    expect(asked).toHaveLength(askedOnce)
    expect(chooseOperation(document, 'A').requires).toEqual(requires)
    expect(asked).toHaveLength(2 * askedOnce)
  })
})

describe('a subscription', () => {
  const streaming =
    'type Query { now: String } type Subscription { moved(id: ID): Game ended: Game } type Game { title: String next: Game }'
  const schema = buildSchema(streaming)
  const documents = createPreparedDocuments({
    schema,
    access: createAccessMap(parse(streaming)),
    demand: createDemandRules(schema),
    caching: createCachePlanner(createCacheRules(schema)),
    limits: DEFAULT_LIMITS,
    policy: { hideSchema: true },
  })
  const prepare = (text: string) => documents.prepare(text, true)

  test.each([
    'subscription { moved { title } }',
    'subscription { moved { title } ...F } fragment F on Subscription { ... { moved { next { title } } } }',
    'subscription ($a: Boolean!) { moved { title @skip(if: $a) next @include(if: $a) { title } } }',
    'query ($a: Boolean!) { now @skip(if: $a) }',
  ])('may be %s', (text) => {
    expect(prepare(text).operations).toHaveLength(1)
  })

  test.each([
    ['subscription { moved { title } ended { title } }', /only one top level field/],
    ['subscription { a: moved { title } b: moved { title } }', /only one top level field/],
    [
      'subscription { moved { title } ...F } fragment F on Subscription { ended { title } }',
      /only one top level field/,
    ],
    ['subscription { __typename }', /must not select an introspection top level field/],
    ['subscription ($a: Boolean!) { moved @skip(if: $a) { title } }', /^@skip cannot be used at the root/],
    ['subscription { moved @include(if: true) { title } }', /^@include cannot be used at the root/],
    ['subscription ($a: Boolean!) { ... @include(if: $a) { moved { title } } }', /^@include cannot be used/],
    [
      'subscription ($a: Boolean!) { ...F } fragment F on Subscription { ...G @skip(if: $a) } fragment G on Subscription { moved { title } }',
      /^@skip cannot be used/,
    ],
  ])('may not be %s', (text, message) => {
    expect(() => prepare(text)).toThrow(refusal('GRAPHQL_VALIDATION_FAILED', message))
  })

  test('is looked at wherever it stands in the document', () => {
    expect(() =>
      prepare(
        'query A($a: Boolean!) { now @skip(if: $a) } subscription B($a: Boolean!) { moved @skip(if: $a) { title } }',
      ),
    ).toThrow(refusal('GRAPHQL_VALIDATION_FAILED', /^@skip/))
  })
})
