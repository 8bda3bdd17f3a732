import { expect, test } from '@jest/globals'
import { LEAGUE, operationIn, rulesOf } from './fixtures/operations.ts'
import { invalidationsOf } from './invalidated-tags.ts'
import { createTaggedTypes } from './tagged-types.ts'

/** Here accounts has hints on what it owns, and so much to invalidate. */
const withHintsOnPeople = (sdl: string) =>
  sdl.replace(/(type User .*)\{ id: ID! \}/, '$1{ id: ID! name: String @cacheControl(maxAge: 5) }')
const extending = LEAGUE.replace('key: "id", resolvable: false', 'key: "id", extension: true')
const owning = LEAGUE.replace('key: "id", resolvable: false', 'key: "id"')

test.each([
  ['makes untrue what it owns, and not what it only adds to', extending, ['User']],
  ['makes untrue what it owns together with another one', owning, ['Team', 'User']],
])('a mutation of a subgraph %s', (_, sdl, changed) => {
  const rules = rulesOf(withHintsOnPeople(sdl))
  const { document, operation } = operationIn('mutation { follow { __typename } }')
  const tags = invalidationsOf(operation, document, rules, createTaggedTypes(rules.schema))
  expect([...tags].sort()).toEqual(changed)
})
