import { describe, expect, test } from '@jest/globals'
import { getIntrospectionQuery } from 'graphql'
import { measured, rulesOf } from './demand-fixture.ts'

/** A schema that says nothing of cost: lists are taken to be 20 long, pages as long as they are asked to be. */
const rules = rulesOf(`
  type Query { teams(first: Int, last: Int): Teams! team: Team leaders(count: Int): [Player!]! search(first: Int): [Found!]! }
  type Teams { edges: [TeamEdge!]! totalCount: Int! }
  type TeamEdge { node: Team! }
  type Team { name: String players(first: Int, after: String, last: Int): Players! rival: Team roster: [Entry!]! tags: [String!]! }
  type Entry { player: Player! }
  type Players { nodes: [Player!]! }
  type Player { name: String teams(first: Int): Teams! entries: [Entry!] }
  union Found = Team | Player
  type Subscription { teamChanged: Team }
`)

const WHOLE_SCHEMA = getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true })
const PAGE = 'edges { node { name } }'

describe('how many items an operation may return', () => {
  test.each<[string, Record<string, unknown>, number]>([
    ['{ team { name } }', {}, 0],
    [`{ teams(first: 7) { ${PAGE} } }`, {}, 7],
    [`{ teams(last: 7) { ${PAGE} } }`, {}, 7],
    [`{ teams { ${PAGE} } }`, {}, 20],
    ['{ teams(first: 7) { totalCount } }', {}, 7],
    ['query ($n: Int) { teams(first: $n) { totalCount } }', { n: 9 }, 9],
    [`{ teams(first: 7) { ${PAGE} other: ${PAGE} totalCount } }`, {}, 7],
    ['{ teams(first: 9) { edges { node { players(first: 8) { __typename } } } } }', {}, 9 + 9 * 8],
    [`{ teams(first: null, last: 3) { ${PAGE} } }`, {}, 3],
    ['{ teams(first: 3) { edges { node { players(first: 5) { nodes { name } } } } } }', {}, 3 + 3 * 5],
    [`{ a: teams(first: 3) { ${PAGE} } b: teams(first: 4) { ${PAGE} } }`, {}, 7],
    ['{ team { rival { rival { players(first: 5) { nodes { name } } } } } }', {}, 5],
    ['{ leaders(count: 100) { name } }', {}, 20],
    ['{ team { roster { player { name } } } }', {}, 20],
    ['{ team { tags } }', {}, 0],
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
      `{ search(first: 2) { ... on Team { players(first: 3) { nodes { name } } } ... on Player { teams(first: 4) { ${PAGE} } } } }`,
      {},
      2 + 2 * 7,
    ],
    [`query ($n: Int) { teams(first: $n) { ${PAGE} } }`, { n: 9 }, 9],
    [`query ($n: Int) { teams(first: $n) { ${PAGE} } }`, {}, 20],
    [`query ($n: Int = 6) { teams(first: $n) { ${PAGE} } }`, {}, 6],
    [`query ($n: Int) { teams(first: $n) { ${PAGE} } }`, { n: 100 }, 100],
    [`query ($n: Int) { teams(first: $n) { ${PAGE} } }`, { n: 1_000_000 }, 100],
    [`query ($n: Int) { teams(first: $n) { ${PAGE} } }`, { n: Infinity }, 100],
    [`query ($n: Int) { teams(first: $n) { ${PAGE} } }`, { n: 0 }, 0],
    [`query ($n: Int) { teams(first: $n) { ${PAGE} } }`, { n: -5 }, 0],
    [`query ($n: Int) { teams(first: $n) { ${PAGE} } }`, { n: -Infinity }, 0],
    [`query ($n: Int) { teams(first: $n) { ${PAGE} } }`, { n: 2.1 }, 3],
    [`query ($n: Int) { teams(first: $n) { ${PAGE} } }`, { n: 'all' }, 20],
    [`query ($n: Int) { teams(first: $n) { ${PAGE} } }`, { n: '90' }, 20],
    [`query ($n: Int) { teams(first: $n) { ${PAGE} } }`, { n: [90] }, 20],
    [`query ($n: Int) { teams(first: $n) { ${PAGE} } }`, { n: { valueOf: 90 } }, 20],
    [`query ($n: Int = 6) { teams(first: $n) { ${PAGE} } }`, { n: null }, 20],
    [`query ($n: Int) { teams(first: $n, last: 100) { ${PAGE} } }`, { n: null }, 100],
    [`query ($n: Int) { teams(first: $n, last: 100) { ${PAGE} } }`, {}, 100],
    [`query ($n: Int) { teams(first: $n, last: 7) { ${PAGE} } }`, { n: 9 }, 9],
    [`query ($n: Int, $m: Int) { teams(first: $n, last: $m) { ${PAGE} } }`, { n: null, m: 8 }, 8],
    [`query ($n: Int, $m: Int = 5) { teams(last: $m, first: $n) { ${PAGE} } }`, {}, 5],
    [`query ($toString: Int = 100) { teams(first: $toString) { ${PAGE} } }`, {}, 100],
    [`query ($constructor: Int = 100) { teams(last: $constructor) { ${PAGE} } }`, {}, 100],
    [`query ($hasOwnProperty: Int) { teams(last: $hasOwnProperty) { ${PAGE} } }`, {}, 20],
    [`query ($__proto__: Int = 100) { teams(first: $__proto__) { ${PAGE} } }`, {}, 100],
    [
      `query ($__proto__: Int) { teams(first: $__proto__) { ${PAGE} } }`,
      JSON.parse('{ "__proto__": 90 }') as Record<string, unknown>,
      90,
    ],
  ])('%s with %j: %s', (text, variables, items) => {
    expect(measured(text, rules, variables).items).toBe(items)
  })

  test('is nothing for the schema itself, as tools ask for it', () => {
    expect(measured(WHOLE_SCHEMA, rules).items).toBe(0)
  })
})

describe('how many values an operation may return', () => {
  const long = 'a'.repeat(64)

  test.each<[string, Record<string, unknown>, number]>([
    ['{ team { name __typename } }', {}, 3],
    ['{ teams(first: 7) { totalCount } }', {}, 2],
    ['{ teams(first: 3) { edges { node { name tags } } } }', {}, 2 + 3 * 3],
    [`query ($n: Int) { teams(first: $n) { ${PAGE} } }`, { n: 50 }, 2 + 50 * 2],
    ['{ team { roster { player { name } } } }', {}, 2 + 20 * 2],
    ['{ teams(first: 3) { ...P } } fragment P on Teams { ... { edges { node { name } } } }', {}, 2 + 3 * 2],
    ['{ teams(first: 3) { edges { node { players(first: 5) { nodes { name } } } } } }', {}, 2 + 3 * (3 + 5)],
    ['{ search(first: 2) { ... on Team { name } ... on Player { name } } }', {}, 1 + 2 * 2],
    [`{ teams(first: 10) { edges { ${long}: node { name } } } }`, {}, 2 + 10 * 4],
    [`{ teams(first: 10) { ${long}: edges { node { name } } } }`, {}, 1 + 3 + 10 * 2],
  ])('%s with %j: %d', (text, variables, values) => {
    expect(measured(text, rules, variables).values).toBe(values)
  })
})

describe('what an operation may cost', () => {
  test.each<[string, Record<string, unknown>, number]>([
    ['{ team { name __typename } }', {}, 1],
    ['{ team { rival { name } } }', {}, 2],
    ['{ teams(first: 7) { totalCount } }', {}, 1],
    [`{ teams(first: 7) { ${PAGE} } }`, {}, 1 + 7 * 2],
    [`query ($n: Int) { teams(first: $n) { ${PAGE} } }`, { n: 50 }, 1 + 50 * 2],
    ['{ team { tags roster { player { name } } } }', {}, 1 + 20 * 2],
    ['{ __typename }', {}, 0],
    // The schema itself, each time that it is asked for, and however.
    [WHOLE_SCHEMA, {}, 1_000],
    ['{ a: __schema { types { name } } b: __schema { types { name } } }', {}, 2_000],
    ['{ __type(name: "Team") { name } team { name } }', {}, 1_001],
    ['query ($v: Boolean!) { __type(name: "Team") @include(if: $v) { name } }', { v: false }, 0],
    ['{ ...F } fragment F on Query { __schema { types { name } } }', {}, 1_000],
  ])('%s with %j: %d', (text, variables, cost) => {
    expect(measured(text, rules, variables).cost).toBe(cost)
  })
})

describe('a subscription', () => {
  test('asks for as much as one of its events', () => {
    const ofTeam = '{ name players(first: 5) { nodes { name } } }'
    expect(measured(`subscription { teamChanged ${ofTeam} }`, rules)).toEqual(
      measured(`{ team ${ofTeam} }`, rules),
    )
    expect(
      measured('subscription ($n: Int) { teamChanged { players(first: $n) { nodes { name } } } }', rules, {
        n: 9,
      }),
    ).toMatchObject({ items: 9 })
  })
})
