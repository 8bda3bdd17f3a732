import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { NOW } from '../testing/fixtures.ts'
import { openStats, type StatsHarness } from '../testing/open-stats.ts'

let stats: StatsHarness
let sportId: string
let seasonId: string
let teamId: string
let otherTeamId: string
beforeAll(async () => {
  stats = await openStats()
  const { make } = stats
  sportId = await make.sport()
  seasonId = await make.season({ sportId })
  teamId = await make.team({ sportId })
  otherTeamId = await make.team({ sportId })
  for (const one of [teamId, otherTeamId]) await make.seasonEntry({ seasonId, teamId: one })
})
afterAll(() => stats.close())

const UNKNOWN = '0197b1de-0000-7000-8000-000000000000'
const ENTRY = 'id team { id } season { id } player { id } number isCaptain isLibero joinedOn leftOn isActive'

type Entry = Record<string, unknown> & { id: string }

const enter = async (input: object) =>
  (
    await stats.mutate<{ rosterEntry: Entry }>(
      'createRosterEntry',
      { teamId, seasonId, ...input },
      `rosterEntry { ${ENTRY} }`,
    )
  ).rosterEntry
const change = async (id: string, input: object) =>
  (
    await stats.mutate<{ rosterEntry: Entry }>(
      'updateRosterEntry',
      { id, ...input },
      `rosterEntry { ${ENTRY} }`,
    )
  ).rosterEntry
const refusedEntry = async (input: object) =>
  (await stats.refused('createRosterEntry', { teamId, seasonId, ...input })).code

describe('STA-01: rosters', () => {
  test('take players on, change what is known of them, and let them go', async () => {
    const playerId = await stats.make.player()
    const entry = await enter({ playerId, number: 11, isLibero: true })
    expect(entry).toMatchObject({
      team: { id: teamId },
      season: { id: seasonId },
      player: { id: playerId },
      number: 11,
      isCaptain: false,
      isLibero: true,
      joinedOn: '2026-09-01',
      leftOn: null,
      isActive: true,
    })
    const changed = await change(entry.id, { number: 12, isCaptain: true, joinedOn: '2026-09-15' })
    expect(changed).toEqual({ ...entry, number: 12, isCaptain: true, joinedOn: '2026-09-15' })
    expect(await change(entry.id, { leftOn: '2026-11-01' })).toEqual({
      ...changed,
      leftOn: '2026-11-01',
      isActive: false,
    })
    expect(await change(entry.id, { leftOn: null })).toEqual(changed)

    await stats.mutate('deleteRosterEntry', { id: entry.id }, 'deletedId')
    expect(await stats.anybody.ok(`{ rosterEntry(id: "${entry.id}") { id } }`)).toEqual({ rosterEntry: null })
  })

  test('have each number once among those who belong to the team', async () => {
    const first = await enter({ playerId: await stats.make.player(), number: 21 })
    const successor = await stats.make.player()
    expect(await refusedEntry({ playerId: successor, number: 21 })).toBe('STATS_NUMBER_TAKEN')
    await change(first.id, { leftOn: '2026-11-01' })
    await enter({ playerId: successor, number: 21 })
    expect((await stats.refused('updateRosterEntry', { id: first.id, leftOn: null })).code).toBe(
      'STATS_NUMBER_TAKEN',
    )
  })

  test('have one captain', async () => {
    const captain = await enter({ playerId: await stats.make.player(), number: 31, isCaptain: true })
    const other = await enter({ playerId: await stats.make.player(), number: 32 })
    expect((await stats.refused('updateRosterEntry', { id: other.id, isCaptain: true })).code).toBe(
      'STATS_CAPTAIN_TAKEN',
    )
    await change(captain.id, { isCaptain: false })
    await change(other.id, { isCaptain: true })
    await change(other.id, { isCaptain: false })
  })

  test('have a player once, and of two teams one at a time', async () => {
    const playerId = await stats.make.player()
    const entry = await enter({ playerId, number: 41 })
    expect(await refusedEntry({ playerId, number: 42 })).toBe('STATS_ALREADY_EXISTS')
    expect(await refusedEntry({ teamId: otherTeamId, playerId, number: 41 })).toBe('STATS_ON_ANOTHER_ROSTER')
    await change(entry.id, { leftOn: '2026-10-31' })
    await enter({ teamId: otherTeamId, playerId, number: 41, joinedOn: '2026-11-01' })
  })

  test('of two that want one number at the same time, one gets it', async () => {
    const players = [await stats.make.player(), await stats.make.player(), await stats.make.player()]
    const answers = await Promise.all(
      players.map((playerId) =>
        stats.admin.run(
          'mutation ($input: CreateRosterEntryInput!) { createRosterEntry(input: $input) { rosterEntry { id } } }',
          {
            input: { teamId, seasonId, playerId, number: 51 },
          },
        ),
      ),
    )
    expect(answers.map(({ errors }) => errors[0]?.code ?? 'entered').toSorted()).toEqual([
      'STATS_NUMBER_TAKEN',
      'STATS_NUMBER_TAKEN',
      'entered',
    ])
  })

  test('are of teams that take part, for players who compete, on days of the season', async () => {
    const { make } = stats
    const playerId = await make.player()
    const stranger = await make.team({ sportId })
    const footballer = await make.team({ sportId: await make.sport() })
    expect(await refusedEntry({ playerId, number: 61, teamId: stranger })).toBe('STATS_NOT_IN_SEASON')
    expect(await refusedEntry({ playerId, number: 61, teamId: footballer })).toBe('STATS_OTHER_SPORT')
    for (const input of [{ teamId: UNKNOWN }, { seasonId: UNKNOWN }, { playerId: UNKNOWN }]) {
      expect(await refusedEntry({ playerId, number: 61, ...input })).toBe('STATS_UNKNOWN_REFERENCE')
    }
    expect(await refusedEntry({ playerId, number: 61, joinedOn: '2026-08-31' })).toBe('BAD_USER_INPUT')
    expect(await refusedEntry({ playerId, number: 100 })).toBe('BAD_USER_INPUT')
    await stats.mutate('updatePlayer', { id: playerId, isActive: false }, 'player { id }')
    expect(await refusedEntry({ playerId, number: 61 })).toBe('STATS_INACTIVE')
  })

  test('are listed by team, season, player and whether the player has left', async () => {
    const playerId = await stats.make.player()
    const entry = await enter({ playerId, number: 71 })
    const ids = async (filter: object) => {
      const { rosterEntries } = await stats.anybody.ok<{
        rosterEntries: { edges: { node: { id: string; isActive: boolean } }[] }
      }>(
        'query ($filter: RosterEntryFilter) { rosterEntries(filter: $filter, first: 100) { edges { node { id isActive } } } }',
        { filter },
      )
      for (const { node } of rosterEntries.edges) {
        if ('isActive' in filter) expect(node.isActive).toBe(filter.isActive)
      }
      return rosterEntries.edges.map(({ node }) => node.id)
    }
    expect(await ids({ playerId })).toEqual([entry.id])
    expect(await ids({ teamId, seasonId, isActive: true })).toContain(entry.id)
    await change(entry.id, { leftOn: '2026-11-01' })
    expect(await ids({ teamId, seasonId, isActive: true })).not.toContain(entry.id)
    expect(await ids({ teamId, seasonId, isActive: false })).toContain(entry.id)
  })
})

describe('STA-01: where a player plays', () => {
  test('follows the days of the roster entries, from one team to the next', async () => {
    const playerId = await stats.make.player()
    const first = await enter({ playerId, number: 81 })
    const read = async () =>
      (
        await stats.anybody.ok<{ player: unknown }>(
          `{ player(id: "${playerId}") { number team { id } currentRosterEntry { id } rosterEntries { id } } }`,
        )
      ).player
    expect(await read()).toEqual({
      number: 81,
      team: { id: teamId },
      currentRosterEntry: { id: first.id },
      rosterEntries: [{ id: first.id }],
    })

    await change(first.id, { leftOn: '2026-11-25' })
    const second = await enter({ teamId: otherTeamId, playerId, number: 82, joinedOn: '2026-11-28' })
    const both = { rosterEntries: [{ id: second.id }, { id: first.id }] }
    expect(await read()).toMatchObject({ number: 81, ...both })
    stats.clock.set(new Date('2026-11-25T23:00:00Z'))
    expect(await read()).toMatchObject({ number: 81, team: { id: teamId } })
    stats.clock.set(new Date('2026-11-26T01:00:00Z'))
    expect(await read()).toMatchObject({ number: null, team: null, currentRosterEntry: null })
    stats.clock.set(new Date('2026-11-28T01:00:00Z'))
    expect(await read()).toMatchObject({ number: 82, team: { id: otherTeamId } })
    stats.clock.set(new Date('2027-07-01T00:00:00Z'))
    expect(await read()).toMatchObject({ number: null, team: null, ...both })
    stats.clock.set(NOW)
  })

  test("a team's roster is in the order of the numbers, of today's season unless another is named", async () => {
    const { make } = stats
    const sport = await make.sport()
    const [now, next] = [
      await make.season({ sportId: sport }),
      await make.season({ sportId: sport, label: '2027-2028', startsOn: '2027-09-01', endsOn: '2028-05-31' }),
    ]
    const team = await make.team({ sportId: sport })
    for (const season of [now, next]) await make.seasonEntry({ seasonId: season, teamId: team })
    const playerId = await make.player()
    const about = { teamId: team, seasonId: now }
    await make.rosterEntry({ ...about, playerId: await make.player(), number: 9 })
    await make.rosterEntry({ ...about, playerId, number: 2 })
    const gone = await make.rosterEntry({ ...about, playerId: await make.player(), number: 5 })
    await change(gone, { leftOn: '2026-10-01' })
    await make.rosterEntry({ teamId: team, seasonId: next, playerId, number: 3 })

    const query = `query ($id: ID!) {
      team(id: $id) {
        now: roster { number }
        all: roster(includeLeft: true) { number }
        next: roster(seasonId: "${next}") { number }
        unknown: roster(seasonId: "${UNKNOWN}") { number }
        nonsense: roster(seasonId: "nonsense") { number }
      }
    }`
    const numbers = (...list: number[]) => list.map((number) => ({ number }))
    expect(await stats.anybody.ok(query, { id: team })).toEqual({
      team: { now: numbers(2, 9), all: numbers(2, 5, 9), next: numbers(3), unknown: [], nonsense: [] },
    })
    stats.clock.set(new Date('2027-07-01T00:00:00Z'))
    expect(
      await stats.anybody.ok('query ($id: ID!) { team(id: $id) { roster { id } } }', { id: team }),
    ).toEqual({
      team: { roster: [] },
    })
    stats.clock.set(NOW)
  })

  test('a player who was on a roster is kept, and told apart from one who never was', async () => {
    const playerId = await stats.make.player()
    await enter({ playerId, number: 91 })
    expect(await stats.refused('deletePlayer', { id: playerId })).toMatchObject({
      code: 'STATS_IN_USE',
      message: expect.stringContaining('deactivated'),
      extensions: { references: [{ what: 'roster entries', count: 1 }] },
    })
    await stats.mutate('deletePlayer', { id: await stats.make.player() }, 'deletedId')
  })
})
