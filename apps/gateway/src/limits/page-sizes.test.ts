import { describe, expect, test } from '@jest/globals'
import { buildSchema, getIntrospectionQuery, Kind, parse } from 'graphql'
import { assertItems, DEFAULT_LIMITS, pagesIn } from './index.ts'

const schema = buildSchema(`
  type Query { teams(first: Int, last: Int): Teams! team: Team leaders(count: Int): [Player!]! search(first: Int): [Found!]! }
  type Teams { edges: [TeamEdge!]! totalCount: Int! }
  type TeamEdge { node: Team! }
  type Team { name: String players(first: Int, after: String, last: Int): Players! rival: Team roster: [Entry!]! tags: [String!]! }
  type Entry { player: Player! }
  type Players { nodes: [Player!]! }
  type Player { name: String teams(first: Int): Teams! entries: [Entry!] }
  union Found = Team | Player
`)

function pagesOf(text: string) {
  const document = parse(text)
  const [operation] = document.definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation')
  return pagesIn(operation, document, schema)
}

function itemsOf(text: string, variables: Record<string, unknown> = {}): number | 'within' {
  try {
    assertItems(pagesOf(text), variables, { ...DEFAULT_LIMITS, items: 0 })
    return 'within'
  } catch (error) {
    return (error as { details: { actual: number } }).details.actual
  }
}

describe('how many items an operation may return', () => {
  test.each<[string, Record<string, unknown>, number | 'within']>([
    ['{ team { name } }', {}, 'within'],
    ['{ teams(first: 7) { totalCount } }', {}, 7],
    ['{ teams(last: 7) { totalCount } }', {}, 7],
    ['{ teams { totalCount } }', {}, 20],
    ['{ teams(first: null, last: 3) { totalCount } }', {}, 3],
    ['{ teams(first: 3) { edges { node { players(first: 5) { nodes { name } } } } } }', {}, 3 + 3 * 5],
    ['{ a: teams(first: 3) { totalCount } b: teams(first: 4) { totalCount } }', {}, 7],
    ['{ team { rival { rival { players(first: 5) { nodes { name } } } } } }', {}, 5],
    ['{ leaders(count: 100) { name } }', {}, 20],
    ['{ team { roster { player { name } } } }', {}, 20],
    ['{ team { tags } }', {}, 'within'],
    ['{ team { roster { player { entries { player { name } } } } } }', {}, 20 + 20 * 20],
    ['{ teams(first: 3) { edges { node { roster { player { name } } } } } }', {}, 3 + 3 * 20],
    [
      '{ teams(first: 3) { ...P } } fragment P on Teams { ... { edges { node { roster { player { name } } } } } }',
      {},
      3 + 3 * 20,
    ],
    ['{ search(first: 2) { ... on Team { roster { player { name } } } } }', {}, 2 + 2 * 20],
    [
      '{ ...F } fragment F on Query { teams(first: 3) { edges { node { ...G } } } } fragment G on Team { players(first: 5) { nodes { name } } }',
      {},
      18,
    ],
    [
      '{ search(first: 2) { ... on Team { players(first: 3) { nodes { name } } } ... on Player { teams(first: 4) { totalCount } } } }',
      {},
      2 + 2 * 7,
    ],
    ['query ($n: Int) { teams(first: $n) { totalCount } }', { n: 9 }, 9],
    ['query ($n: Int) { teams(first: $n) { totalCount } }', {}, 20],
    ['query ($n: Int = 6) { teams(first: $n) { totalCount } }', {}, 6],
    ['query ($n: Int) { teams(first: $n) { totalCount } }', { n: 1_000_000 }, 100],
    ['query ($n: Int) { teams(first: $n) { totalCount } }', { n: -5 }, 'within'],
    ['query ($n: Int) { teams(first: $n) { totalCount } }', { n: 'all' }, 20],
    ['query ($n: Int = 6) { teams(first: $n) { totalCount } }', { n: null }, 20],
    ['query ($n: Int) { teams(first: $n, last: 100) { totalCount } }', { n: null }, 100],
    ['query ($n: Int) { teams(first: $n, last: 100) { totalCount } }', {}, 100],
    ['query ($n: Int) { teams(first: $n, last: 7) { totalCount } }', { n: 9 }, 9],
    ['query ($n: Int, $m: Int) { teams(first: $n, last: $m) { totalCount } }', { n: null, m: 8 }, 8],
    ['query ($n: Int, $m: Int = 5) { teams(last: $m, first: $n) { totalCount } }', {}, 5],
    ['query ($toString: Int = 100) { teams(first: $toString) { totalCount } }', {}, 100],
    ['query ($constructor: Int = 100) { teams(last: $constructor) { totalCount } }', {}, 100],
    ['query ($__proto__: Int = 100) { teams(first: $__proto__) { totalCount } }', {}, 100],
    [
      'query ($__proto__: Int) { teams(first: $__proto__) { totalCount } }',
      JSON.parse('{ "__proto__": 90 }') as Record<string, unknown>,
      90,
    ],
  ])('%s with %j: %s', (text, variables, items) => {
    expect(itemsOf(text, variables)).toBe(items)
  })

  test.each([
    '{ teams(first: 3) { edges { node { players(first: 5) { nodes { name } } } } } }',
    '{ team { roster { player { entries { player { name } } } } } }',
  ])('may be as many as the limit, and not one more: %s', (text) => {
    const items = Number(itemsOf(text))
    expect(() => assertItems(pagesOf(text), {}, { ...DEFAULT_LIMITS, items })).not.toThrow()
    expect(() => assertItems(pagesOf(text), {}, { ...DEFAULT_LIMITS, items: items - 1 })).toThrow(
      expect.objectContaining({ code: 'ITEM_LIMIT_EXCEEDED' }),
    )
  })

  test('is nothing for the schema itself, as tools ask for it', () => {
    expect(itemsOf(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }))).toBe('within')
  })

  test('is refused in words that say how to ask instead', () => {
    const text =
      '{ teams(first: 100) { edges { node { players(first: 100) { nodes { teams(first: 100) { totalCount } } } } } } }'
    expect(() => assertItems(pagesOf(text), {}, DEFAULT_LIMITS)).toThrow(
      'The operation may return 1010100 items of lists; the limit is 20000. Ask for shorter pages, or for the inner lists in further requests.',
    )
  })
})

describe('how many values an operation may return', () => {
  const long = 'a'.repeat(64)

  test.each<[string, Record<string, unknown>, number]>([
    ['{ team { name __typename } }', {}, 3],
    ['{ teams(first: 7) { totalCount } }', {}, 1 + 7],
    ['{ teams(first: 3) { edges { node { name tags } } } }', {}, 1 + 3 * 4],
    ['query ($n: Int) { teams(first: $n) { totalCount } }', { n: 50 }, 1 + 50],
    ['{ team { roster { player { name } } } }', {}, 2 + 20 * 2],
    ['{ teams(first: 3) { ...P } } fragment P on Teams { ... { edges { node { name } } } }', {}, 1 + 3 * 3],
    [
      '{ teams(first: 3) { edges { node { players(first: 5) { nodes { name } } } } } }',
      {},
      1 + 3 * (3 + 5 * 2),
    ],
    ['{ search(first: 2) { ... on Team { name } ... on Player { name } } }', {}, 1 + 2 * 2],
    [`{ teams(first: 10) { ${long}: totalCount } }`, {}, 1 + 10 * 3],
    [`{ teams(first: 10) { ${long}: edges { node { name } } } }`, {}, 1 + 10 * 5],
  ])('%s with %j: %d, and not one less', (text, variables, values) => {
    const pages = pagesOf(text)
    expect(() => assertItems(pages, variables, { ...DEFAULT_LIMITS, values })).not.toThrow()
    expect(() => assertItems(pages, variables, { ...DEFAULT_LIMITS, values: values - 1 })).toThrow(
      expect.objectContaining({
        code: 'VALUE_LIMIT_EXCEEDED',
        details: { limit: values - 1, actual: values },
      }),
    )
  })

  test.each([
    ['of many fields', Array.from({ length: 20 }, (_, n) => `f${n}: name`).join(' ')],
    ['of one field with a long name', `${'a'.repeat(1_000)}: name`],
  ])('is refused, in words that say how to ask instead, for few enough items %s', (_, fields) => {
    const text = `{ teams(first: 100) { edges { node { players(first: 100) { nodes { ${fields} } } } } } }`
    expect(() => assertItems(pagesOf(text), {}, DEFAULT_LIMITS)).toThrow(
      /^The operation may return \d{6} values; the limit is 100000\. Ask for fewer fields of each item, with short names, or for shorter pages\.$/,
    )
  })

  test('is enough for a hundred teams with rosters', () => {
    const text = '{ teams(first: 100) { edges { node { name roster { player { name } } } } } }'
    expect(() => assertItems(pagesOf(text), {}, DEFAULT_LIMITS)).not.toThrow()
  })
})
