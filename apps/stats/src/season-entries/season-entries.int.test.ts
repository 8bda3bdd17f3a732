import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openStats, type StatsHarness } from '../testing/open-stats.ts'

let stats: StatsHarness
let sportId: string
let otherSportId: string
let seasonId: string
let conferenceId: string
beforeAll(async () => {
  stats = await openStats()
  const { make } = stats
  sportId = await make.sport()
  otherSportId = await make.sport()
  seasonId = await make.season({ sportId })
  conferenceId = await make.conference({ sportId })
})
afterAll(() => stats.close())

const UNKNOWN = '0197b1de-0000-7000-8000-000000000000'

interface Entry {
  id: string
  conference: { id: string } | null
}

const entered = async (input: object) => {
  const { seasonEntry } = await stats.mutate<{ seasonEntry: Entry }>(
    'createSeasonEntry',
    input,
    'seasonEntry { id season { id } team { id } conference { id } }',
  )
  return seasonEntry
}

describe("STA-01: a team's part in a season", () => {
  test('is read back as it was made, moved to another conference, and taken back', async () => {
    const teamId = await stats.make.team({ sportId })
    const entry = await entered({ seasonId, teamId, conferenceId })
    expect(entry).toMatchObject({
      season: { id: seasonId },
      team: { id: teamId },
      conference: { id: conferenceId },
    })

    const other = await stats.make.conference({ sportId })
    const move = async (to: object) =>
      (
        await stats.mutate<{ seasonEntry: Entry }>(
          'updateSeasonEntry',
          { id: entry.id, ...to },
          'seasonEntry { conference { id } }',
        )
      ).seasonEntry.conference
    expect(await move({ conferenceId: other })).toEqual({ id: other })
    expect(await move({})).toEqual({ id: other })
    expect(await move({ conferenceId: null })).toBeNull()

    const query = 'query ($id: ID!) { seasonEntry(id: $id) { id conference { id } } }'
    expect(await stats.anybody.ok(query, { id: entry.id })).toEqual({
      seasonEntry: { id: entry.id, conference: null },
    })
    await stats.mutate('deleteSeasonEntry', { id: entry.id }, 'deletedId')
    expect(await stats.anybody.ok(query, { id: entry.id })).toEqual({ seasonEntry: null })
  })

  test('exists once, and only for an active team and a conference of the same sport', async () => {
    const { make, refused } = stats
    const teamId = await make.team({ sportId })
    await make.seasonEntry({ seasonId, teamId })
    const cases: [string, object][] = [
      ['STATS_ALREADY_EXISTS', { teamId }],
      ['STATS_UNKNOWN_REFERENCE', { teamId: UNKNOWN }],
      ['STATS_UNKNOWN_REFERENCE', { teamId: await make.team({ sportId }), seasonId: UNKNOWN }],
      ['STATS_UNKNOWN_REFERENCE', { teamId: await make.team({ sportId }), conferenceId: UNKNOWN }],
      ['STATS_OTHER_SPORT', { teamId: await make.team({ sportId: otherSportId }) }],
      [
        'STATS_OTHER_SPORT',
        {
          teamId: await make.team({ sportId }),
          conferenceId: await make.conference({ sportId: otherSportId }),
        },
      ],
    ]
    for (const [code, input] of cases) {
      expect((await refused('createSeasonEntry', { seasonId, ...input })).code).toBe(code)
    }
    const retired = await make.team({ sportId })
    await stats.mutate('updateTeam', { id: retired, isActive: false }, 'team { id }')
    expect((await refused('createSeasonEntry', { seasonId, teamId: retired })).code).toBe('STATS_INACTIVE')
  })

  test('is listed by season, team and conference', async () => {
    const teamId = await stats.make.team({ sportId })
    const mine = await entered({ seasonId, teamId, conferenceId })
    const ids = async (filter: object) => {
      const { seasonEntries } = await stats.anybody.ok<{
        seasonEntries: { edges: { node: { id: string } }[] }
      }>(
        'query ($filter: SeasonEntryFilter) { seasonEntries(filter: $filter, first: 100) { edges { node { id } } } }',
        { filter },
      )
      return seasonEntries.edges.map(({ node }) => node.id)
    }
    expect(await ids({ teamId })).toEqual([mine.id])
    expect(await ids({ seasonId, conferenceId })).toContain(mine.id)
    expect(await ids({ conferenceId: UNKNOWN })).toEqual([])
  })

  test('tells the conference of a team, by default in the season of today', async () => {
    const sport = await stats.make.sport()
    const now = await stats.make.season({ sportId: sport })
    const next = await stats.make.season({
      sportId: sport,
      label: '2027-2028',
      startsOn: '2027-09-01',
      endsOn: '2028-05-31',
    })
    const [north, south] = [
      await stats.make.conference({ sportId: sport }),
      await stats.make.conference({ sportId: sport }),
    ]
    const teamId = await stats.make.team({ sportId: sport })
    await stats.make.seasonEntry({ seasonId: now, teamId, conferenceId: north })
    await stats.make.seasonEntry({ seasonId: next, teamId, conferenceId: south })
    const query = `query ($id: ID!) {
      team(id: $id) {
        current: conference { id }
        next: conference(seasonId: "${next}") { id }
        unknown: conference(seasonId: "${UNKNOWN}") { id }
        nonsense: conference(seasonId: "nonsense") { id }
      }
    }`
    expect(await stats.anybody.ok(query, { id: teamId })).toEqual({
      team: { current: { id: north }, next: { id: south }, unknown: null, nonsense: null },
    })
  })

  test('stays in its conference while games count for that', async () => {
    const { make } = stats
    const [home, away] = [await make.team({ sportId }), await make.team({ sportId })]
    const entry = await entered({ seasonId, teamId: home, conferenceId })
    await make.seasonEntry({ seasonId, teamId: away, conferenceId })
    const gameId = await make.game({ seasonId, conferenceId, homeTeamId: home, awayTeamId: away })
    expect(await stats.refused('updateSeasonEntry', { id: entry.id, conferenceId: null })).toMatchObject({
      code: 'STATS_IN_USE',
      extensions: { references: [{ what: 'games', count: 1 }] },
    })
    await stats.mutate('updateGame', { id: gameId, expectedVersion: 1, conferenceId: null }, 'game { id }')
    await stats.mutate('updateSeasonEntry', { id: entry.id, conferenceId: null }, 'seasonEntry { id }')
  })

  test('cannot be taken back with games or a roster', async () => {
    const { make } = stats
    const [home, away] = [await make.team({ sportId }), await make.team({ sportId })]
    const entry = await entered({ seasonId, teamId: home })
    await make.seasonEntry({ seasonId, teamId: away })
    await make.game({ seasonId, homeTeamId: away, awayTeamId: home })
    await make.rosterEntry({ seasonId, teamId: home, playerId: await make.player() })
    expect(await stats.refused('deleteSeasonEntry', { id: entry.id })).toMatchObject({
      code: 'STATS_IN_USE',
      extensions: {
        references: [
          { what: 'games', count: 1 },
          { what: 'roster entries', count: 1 },
        ],
      },
    })
  })
})
