import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { ApolloGateway } from '@apollo/gateway'
import { silentLogger } from '@courtside/logger'
import { requiredAccess } from '../access/index.ts'
import { readSupergraph } from '../supergraph/index.ts'
import { createCacheRules } from './cache-rules.ts'
import { operationIn } from './fixtures/operations.ts'
import { createCachePlanner } from './operation-caching.ts'

const file = new URL('../../generated/supergraph.graphql', import.meta.url)
const { access, sdl } = readSupergraph(readFileSync(file, 'utf8'))
const rules = createCacheRules(access.schema)
const plan = createCachePlanner(rules)

const cachingOf = (text: string) => {
  const { document, operation } = operationIn(text)
  return plan({ id: '', document, operation, requires: requiredAccess(operation, document, access) })
}

describe('the hints of the composed graph', () => {
  test('are none on what accounts owns: all of that depends on who asks, or may', () => {
    expect([rules.hasHints('ACCOUNTS'), rules.hasHints('STATS')]).toEqual([false, true])
  })

  test.each([
    [
      'a game',
      '{ game(id: 1) { status home { name } venue { name } ruleSet { volleyball { __typename } } } }',
      2,
    ],
    ['games', '{ games { totalCount pageInfo { endCursor } edges { cursor node { id } } } }', 2],
    ['a team', '{ team(id: 1) { name sport { name } } }', 30],
    ['a team, and how many follow it', '{ team(id: 1) { name followerCount } }', 30],
    ['the next game of a team', '{ team(id: 1) { name nextGame { startsAt } } }', 2],
    ['the roster of a team', '{ team(id: 1) { roster { number player { id } } } }', 10],
    ['sports', '{ sports { edges { node { name } } } }', 60],
  ])('let everybody have %s', (_, text, maxAgeSeconds) => {
    expect(cachingOf(text)).toMatchObject({
      policy: { maxAgeSeconds, scope: 'PUBLIC' },
      isForEverybody: true,
    })
  })

  test('let one event of a game be sent to everybody', () => {
    const page =
      '{ cursor kind gap { __typename } game { id status home { name followerCount } venue { name } } }'
    expect(cachingOf(`subscription { gameChanged(gameId: 1) ${page} }`)).toMatchObject({
      policy: null,
      isForEverybody: true,
    })
  })

  test.each([
    ['oneself', '{ me { id } }'],
    ['a person', '{ user(id: 1) { username } }'],
    ['a game and oneself', '{ game(id: 1) { id } me { id } }'],
    ['the audit log', '{ statsAuditLogVerification { __typename } }'],
  ])('let nobody keep %s', (_, text) => {
    expect(cachingOf(text)).toMatchObject({ policy: null, isForEverybody: false })
  })

  test('cover every open root field of stats, and no other', () => {
    const query = access.schema.getQueryType()
    const fields = Object.values(query?.getFields() ?? {})
    for (const field of fields) {
      const isOpen = access.ofField('Query', field.name) === null
      const isOfStats =
        query !== null && query !== undefined && rules.sourcesOf(query, field).includes('STATS')
      expect([field.name, rules.ofField(field) !== null]).toEqual([field.name, isOpen && isOfStats])
    }
  })

  test('are loaded by Apollo and shown to nobody', async () => {
    const gateway = new ApolloGateway({
      supergraphSdl: sdl,
      validateSupergraph: true,
      logger: silentApollo(),
    })
    const { schema } = await gateway.load()
    await gateway.stop()
    expect(sdl).toContain('enum cacheControl__Scope')
    expect(schema.getType('cacheControl__Scope')).toBeUndefined()
    expect(schema.getDirective('cacheControl')).toBeUndefined()
    expect(schema.getType('Game')).toBeDefined()
  })

  test.each([
    ['a change of a game', 'mutation { updateGame(input: {}) { game { id } } }', ['Game']],
    [
      'a new place on a roster',
      'mutation { createRosterEntry(input: {}) { rosterEntry { id } } }',
      ['Player', 'RosterEntry', 'Season', 'Team'],
    ],
    // Each follow would else drop whatever shows a team; the number grows old by its age alone.
    ['a follow', 'mutation { follow(input: {}) { followedAt } }', []],
  ])('make untrue by %s what that changes', (_, text, tags) => {
    expect([...cachingOf(text).invalidates].sort()).toEqual(tags)
  })

  test('make untrue by a deletion all that stats owns', () => {
    const { invalidates } = cachingOf('mutation { deleteVenue(input: {}) { deletedId } }')
    expect(invalidates).toEqual(
      expect.arrayContaining(['Venue', 'Game', 'Team', 'Player', 'Season', 'Sport']),
    )
    expect(invalidates).not.toContain('User')
  })
})

function silentApollo() {
  const { debug, info, warn, error } = silentLogger
  const say = (at: typeof debug) => (message?: unknown) => at({}, String(message))
  return { debug: say(debug), info: say(info), warn: say(warn), error: say(error) }
}
