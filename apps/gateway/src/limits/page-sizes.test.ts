import { describe, expect, test } from '@jest/globals'
import { buildSchema, Kind, parse } from 'graphql'
import { assertItems, DEFAULT_LIMITS, pagesIn } from './index.ts'

const schema = buildSchema(`
  type Query { teams(first: Int, last: Int): Teams! team: Team leaders(count: Int): [Player!]! search(first: Int): [Found!]! }
  type Teams { edges: [TeamEdge!]! totalCount: Int! }
  type TeamEdge { node: Team! }
  type Team { name: String players(first: Int, after: String, last: Int): Players! rival: Team }
  type Players { nodes: [Player!]! }
  type Player { name: String teams(first: Int): Teams! }
  union Found = Team | Player
`)

function itemsOf(text: string, variables: Record<string, unknown> = {}): number | 'within' {
  const document = parse(text)
  const [operation] = document.definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation')
  try {
    assertItems(pagesIn(operation, document, schema), variables, { ...DEFAULT_LIMITS, items: 0 })
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
    ['{ leaders(count: 100) { name } }', {}, 'within'],
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
  ])('%s with %j: %s', (text, variables, items) => {
    expect(itemsOf(text, variables)).toBe(items)
  })

  test('is refused in words that say how to ask instead', () => {
    const document = parse(
      '{ teams(first: 100) { edges { node { players(first: 100) { nodes { teams(first: 100) { totalCount } } } } } } }',
    )
    const [operation] = document.definitions
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation')
    expect(() => assertItems(pagesIn(operation, document, schema), {}, DEFAULT_LIMITS)).toThrow(
      'The operation may return 1010100 items of lists; the limit is 20000. Ask for shorter pages, or for the inner lists in further requests.',
    )
  })
})
