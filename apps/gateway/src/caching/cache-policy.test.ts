import { describe, expect, test } from '@jest/globals'
import { cachePolicyOf } from './cache-policy.ts'
import { cacheControlOf, varyOf } from './cache-control-header.ts'
import { LEAGUE, operationIn, rulesOf } from './fixtures/operations.ts'

const policyIn = (sdl: string, text: string) => {
  const { operation, document } = operationIn(text)
  return cachePolicyOf(operation, document, rulesOf(sdl))
}
const seconds = (maxAgeSeconds: number, scope = 'PUBLIC') => ({ maxAgeSeconds, scope })
const league = (text: string) => policyIn(LEAGUE, text)

describe('the policy of an operation', () => {
  test.each([
    ['one hint', '{ game(id: 1) { id name } }', seconds(2)],
    ['the smallest of several', '{ game(id: 1) { home { name } } team(id: 1) { name } }', seconds(2)],
    ['the field deepest inside', '{ team(id: 1) { nextGame { home { name } } } }', seconds(2)],
    ['what inherits through two objects', '{ games { edges { node { name } } totalCount } }', seconds(3)],
    ['a private part', '{ team(id: 1) { name } secret { id } }', seconds(9, 'PRIVATE')],
    [
      'a part that a variable may skip',
      'query ($s: Boolean!) { team(id: 1) { nextGame @skip(if: $s) { id } } }',
      seconds(2),
    ],
    [
      'a part inside a fragment',
      '{ team(id: 1) { ...T } } fragment T on Team { nextGame { id } }',
      seconds(2),
    ],
    [
      'every type behind a union',
      '{ search { ... on Game { home { id } lineUp { id } } ... on Player { id } } }',
      seconds(5),
    ],
  ])('counts %s', (_, text, expected) => {
    expect(league(text)).toEqual(expected)
  })

  test.each([
    ['a root field without a hint', '{ myTeam { id } }'],
    ['an object without a hint beside others', '{ team(id: 1) { name } myTeam { id } }'],
    ['the schema', '{ team(id: 1) { name } __schema { queryType { name } } }'],
    ['nothing but the name of the root', '{ __typename }'],
    ['a mutation', 'mutation { changeGame { game { id } } }'],
    ['what another subgraph answers without a word about it', '{ team(id: 1) { name followers } }'],
  ])('is none for %s', (_, text) => {
    expect(league(text)).toBeNull()
  })

  test('takes from another subgraph what that one says about it', () => {
    expect(league('{ team(id: 1) { fans } }')).toEqual(seconds(20))
    expect(league('{ team(id: 1) { viewers } }')).toEqual(seconds(30))
  })

  test('does not believe a hint on a type that several subgraphs have: composition keeps only one of them', () => {
    const sdl = (joins: string) => `
      type Query @join__type(graph: A) { team: Team }
      type Team ${joins} @cacheControl(maxAge: 30) { id: ID! }`
    expect(policyIn(sdl('@join__type(graph: A)'), '{ team { id } }')).toEqual(seconds(30))
    expect(policyIn(sdl('@join__type(graph: A) @join__type(graph: B)'), '{ team { id } }')).toBeNull()
  })

  test('looks at each type behind an interface, and at those only that a fragment lets through', () => {
    const sdl = `
      type Query { node: Node @cacheControl(maxAge: 60) }
      interface Node { owner: Owner }
      type Fast implements Node { owner: Owner @cacheControl(maxAge: 1) }
      type Slow implements Node { owner: Owner @cacheControl(maxAge: 30) }
      type Owner { name: String }`
    expect(policyIn(sdl, '{ node { owner { name } } }')).toEqual(seconds(1))
    expect(policyIn(sdl, '{ node { ... on Slow { owner { name } } } }')).toEqual(seconds(30))
  })

  test('never takes an age below zero for one', () => {
    expect(policyIn('type Query { a: Int @cacheControl(maxAge: -5) }', '{ a }')).toBeNull()
  })
})

describe('the Cache-Control of an answer', () => {
  test('is the policy of a whole answer', () => {
    expect(cacheControlOf({ maxAgeSeconds: 5, scope: 'PUBLIC' }, true)).toBe('max-age=5, public')
    expect(cacheControlOf({ maxAgeSeconds: 5, scope: 'PRIVATE' }, true)).toBe('max-age=5, private')
  })

  test('forbids to keep what has errors or no policy', () => {
    expect(cacheControlOf({ maxAgeSeconds: 5, scope: 'PUBLIC' }, false)).toBe('private, no-store')
    expect(cacheControlOf(null, true)).toBe('private, no-store')
  })
})

describe('the Vary of an answer', () => {
  const policy = (scope: 'PUBLIC' | 'PRIVATE') => ({ maxAgeSeconds: 5, scope })

  test('names the credential where the answer is kept for one caller', () => {
    expect(varyOf(policy('PRIVATE'), true, 'Accept')).toBe('Accept, Authorization, X-Api-Key')
  })

  test('is as it was for what everybody gets, and for what is not kept', () => {
    expect(varyOf(policy('PUBLIC'), true, 'Accept')).toBe('Accept')
    expect(varyOf(policy('PRIVATE'), false, 'Accept')).toBe('Accept')
    expect(varyOf(null, true, 'Accept')).toBe('Accept')
  })
})
