import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
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
    [
      'mutations one after the other',
      'mutation { a: count(step: 1) found(name: "New") { name points } rename(id: 10, title: "T") { title home { name } } b: count(step: 2) }',
    ],
  ])('to %s', async (_, query) => {
    const answer = await expectSame(league, { query })
    expect(answer.errors).toEqual([])
  })
})
