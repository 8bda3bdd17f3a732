import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Principal, SCOPES, type Scope } from '@courtside/auth'
import { openSubgraph, principals, type SubgraphHarness } from '@courtside/testing'
import { composeStats } from './compose.ts'
import { operationOn, rootFields, statsSchema } from './testing/root-operation.ts'

/** What each operation that is not open to everybody takes. Written out here, so that a slip in the SDL shows. */
const SCOPE_OF: Readonly<Record<string, Scope>> = {
  createSport: 'write:competitions',
  updateSport: 'write:competitions',
  deleteSport: 'write:competitions',
  createSeason: 'write:competitions',
  updateSeason: 'write:competitions',
  deleteSeason: 'write:competitions',
  createConference: 'write:competitions',
  updateConference: 'write:competitions',
  deleteConference: 'write:competitions',
  createVenue: 'write:competitions',
  updateVenue: 'write:competitions',
  deleteVenue: 'write:competitions',
  createRuleSet: 'write:competitions',
  updateRuleSet: 'write:competitions',
  supersedeRuleSet: 'write:competitions',
  deleteRuleSet: 'write:competitions',
  createTeam: 'write:teams',
  updateTeam: 'write:teams',
  deleteTeam: 'write:teams',
  createSeasonEntry: 'write:teams',
  updateSeasonEntry: 'write:teams',
  deleteSeasonEntry: 'write:teams',
  createPlayer: 'write:teams',
  updatePlayer: 'write:teams',
  deletePlayer: 'write:teams',
  createRosterEntry: 'write:teams',
  updateRosterEntry: 'write:teams',
  deleteRosterEntry: 'write:teams',
  createGame: 'write:games',
  updateGame: 'write:games',
  rescheduleGame: 'write:games',
  changeGameStatus: 'write:games',
  deleteGame: 'write:games',
  statsAuditLog: 'read:audit',
  statsAuditLogVerification: 'read:audit',
}

const REFUSED_OR_BROKEN = ['FORBIDDEN', 'UNAUTHENTICATED', 'INTERNAL_SERVER_ERROR']

const UNKNOWN_ID = '0197b1de-0000-7000-8000-000000000000'

/** Right in form, so that nothing but the rights can be in the way. */
const wellFormed = (scalar: string) => {
  switch (scalar) {
    case 'ID':
      return UNKNOWN_ID
    case 'DateTime':
      return '2026-11-20T19:30:00Z'
    case 'Date':
      return '2026-11-20'
    case 'URL':
      return 'https://courtside.example/logo.png'
    case 'Boolean':
      return true
    case 'Int':
      return 1
    default:
      return 'text'
  }
}

const schema = statsSchema()
const mutations = rootFields(schema, 'Mutation').map(({ name }) => name)
const queries = rootFields(schema, 'Query').map(({ name }) => name)
const restricted = [...mutations, ...queries.filter((name) => name in SCOPE_OF)]
const open = queries.filter((name) => !(name in SCOPE_OF))

let stats: SubgraphHarness
beforeAll(async () => {
  stats = await openSubgraph('stats', composeStats)
})
afterAll(() => stats.close())

const codeFor = async (principal: Principal, name: string) => {
  const kind = mutations.includes(name) ? 'Mutation' : 'Query'
  const { document, variables } = operationOn(schema, kind, name, (scalar, _path, isRequired) =>
    isRequired ? wellFormed(scalar) : undefined,
  )
  const { errors } = await stats.as(principal).run(document, variables)
  return errors[0]?.code ?? null
}

describe('what stats asks of its callers', () => {
  test('every mutation is in the table of scopes', () => {
    expect(mutations.filter((name) => !(name in SCOPE_OF))).toEqual([])
    expect(Object.keys(SCOPE_OF).toSorted()).toEqual(restricted.toSorted())
  })

  test.each(restricted)('%s takes its scope and no other', async (name) => {
    const scope = SCOPE_OF[name] as Scope
    const others = SCOPES.filter((other) => other !== scope)
    expect(await codeFor(principals.anonymous, name)).toBe('UNAUTHENTICATED')
    expect(await codeFor(principals.user('viewer'), name)).toBe('FORBIDDEN')
    expect(await codeFor(principals.userWithScopes(...others), name)).toBe('FORBIDDEN')
    expect(await codeFor(principals.partner(...others), name)).toBe('FORBIDDEN')
    for (const allowed of [principals.userWithScopes(scope), principals.partner(scope)]) {
      expect(REFUSED_OR_BROKEN).not.toContain(await codeFor(allowed, name))
    }
  })

  test.each(open)('%s is open to everybody', async (name) => {
    expect(await codeFor(principals.anonymous, name)).toBeNull()
  })

  test('the birth date of a player is for those who keep the rosters, the year for everybody', async () => {
    const { createPlayer } = await stats
      .as(principals.user('admin'))
      .ok<{ createPlayer: { player: { id: string } } }>(
        `mutation { createPlayer(input: { firstName: "Ada", lastName: "Novak", birthDate: "2011-03-04" }) { player { id } } }`,
      )
    const query = (field: string) => `{ player(id: "${createPlayer.player.id}") { ${field} } }`
    const fan = stats.as(principals.anonymous)
    expect(await fan.ok(query('birthYear'))).toEqual({ player: { birthYear: 2011 } })
    const { data, errors } = await fan.run(query('displayName birthDate'))
    expect(data).toEqual({ player: { displayName: 'Ada Novak', birthDate: null } })
    expect(errors).toMatchObject([{ code: 'UNAUTHENTICATED', path: ['player', 'birthDate'] }])
    const keeper = stats.as(principals.userWithScopes('write:teams'))
    expect(await keeper.ok(query('birthDate'))).toEqual({ player: { birthDate: '2011-03-04' } })
  })
})
