import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { NOW } from '../testing/fixtures.ts'
import { openStats, type StatsHarness } from '../testing/open-stats.ts'

let stats: StatsHarness
let sportId: string
beforeAll(async () => {
  stats = await openStats()
  sportId = await stats.make.sport()
})
afterAll(() => stats.close())

const days = { startsOn: '2026-09-01', endsOn: '2027-05-31' }

interface SeasonTeams {
  totalCount: number
  edges: { node: { id: string; name: string }; conference: { id: string } | null }[]
}

describe('STA-01: seasons', () => {
  test('of a sport that is not there are refused', async () => {
    const id = '0197b1de-0000-7000-8000-000000000000'
    expect(await stats.refused('createSeason', { sportId: id, label: '2026', ...days })).toMatchObject({
      code: 'STATS_UNKNOWN_REFERENCE',
      extensions: { field: 'sportId', id },
    })
  })

  test('have a label of one year or of two that follow each other, one of a kind in their sport', async () => {
    const wrong = await stats.refused('createSeason', { sportId, label: '2026-2028', ...days })
    expect(wrong).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { faults: [{ path: ['label'] }] } })
    const seasonId = await stats.make.season({ sportId, label: '2020-2021' })
    expect(await stats.refused('createSeason', { sportId, label: '2020-2021', ...days })).toMatchObject({
      code: 'STATS_ALREADY_EXISTS',
    })
    const other = await stats.make.season({ sportId, label: '2021-2022' })
    expect(await stats.refused('updateSeason', { id: other, label: '2020-2021' })).toMatchObject({
      code: 'STATS_ALREADY_EXISTS',
    })
    await stats.make.season({ sportId: await stats.make.sport(), label: '2020-2021' })
    await stats.mutate('deleteSeason', { id: seasonId }, 'deletedId')
  })

  test('end after they begin, in a change as well', async () => {
    const backwards = { startsOn: '2026-09-01', endsOn: '2026-08-31' }
    expect(await stats.refused('createSeason', { sportId, label: '2022', ...backwards })).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { faults: [{ path: ['endsOn'] }] },
    })
    const id = await stats.make.season({ sportId, label: '2022' })
    expect(await stats.refused('updateSeason', { id, endsOn: '2026-08-31' })).toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  })

  test('are current while today is one of their days', async () => {
    const current = await stats.make.season({ sportId, label: '2026-2027' })
    const past = await stats.make.season({
      sportId,
      label: '2025',
      startsOn: '2025-01-01',
      endsOn: '2025-12-31',
    })
    const listed = async (isCurrent: boolean) => {
      const { seasons } = await stats.anybody.ok<{
        seasons: { edges: { node: { id: string; isCurrent: boolean } }[] }
      }>(
        'query ($filter: SeasonFilter) { seasons(filter: $filter, first: 100) { edges { node { id isCurrent } } } }',
        { filter: { isCurrent, sportId } },
      )
      for (const { node } of seasons.edges) expect(node.isCurrent).toBe(isCurrent)
      return seasons.edges.map(({ node }) => node.id)
    }
    expect(await listed(true)).toContain(current)
    expect(await listed(false)).toContain(past)
    stats.clock.set(new Date('2027-06-01T00:00:00Z'))
    expect(await listed(true)).not.toContain(current)
    expect(await listed(false)).toContain(current)
    stats.clock.set(NOW)
  })

  test('leave none of their games and roster entries outside when their days change', async () => {
    const sport = await stats.make.sport()
    const seasonId = await stats.make.season({ sportId: sport, label: '2026-2027' })
    const [home, away] = [
      await stats.make.team({ sportId: sport }),
      await stats.make.team({ sportId: sport }),
    ]
    for (const teamId of [home, away]) await stats.make.seasonEntry({ seasonId, teamId })
    await stats.make.game({ seasonId, homeTeamId: home, awayTeamId: away, startsAt: '2026-12-01T19:00:00Z' })
    const playerId = await stats.make.player()
    await stats.make.rosterEntry({ seasonId, teamId: home, playerId, joinedOn: '2026-10-01' })

    const change = (input: object) => stats.refused('updateSeason', { id: seasonId, ...input })
    expect(await change({ endsOn: '2026-11-25' })).toMatchObject({
      code: 'STATS_OUT_OF_SEASON',
      extensions: { games: 1, rosterEntries: 0 },
    })
    expect(await change({ startsOn: '2026-10-02' })).toMatchObject({
      code: 'STATS_OUT_OF_SEASON',
      extensions: { games: 0, rosterEntries: 1 },
    })
    const shorter = { startsOn: '2026-10-01', endsOn: '2026-12-01' }
    await stats.mutate('updateSeason', { id: seasonId, ...shorter }, 'season { id }')
  })

  test('list the teams that take part, by name and each with its conference', async () => {
    const sport = await stats.make.sport()
    const seasonId = await stats.make.season({ sportId: sport, label: '2026-2027' })
    const conferenceId = await stats.make.conference({ sportId: sport })
    const zebras = await stats.make.team({ sportId: sport, name: 'Zebras' })
    const elans = await stats.make.team({ sportId: sport, name: 'Élans' })
    const foxes = await stats.make.team({ sportId: sport, name: 'Foxes' })
    await stats.make.team({ sportId: sport, name: 'Absent' })
    await stats.make.seasonEntry({ seasonId, teamId: zebras })
    await stats.make.seasonEntry({ seasonId, teamId: elans, conferenceId })
    await stats.make.seasonEntry({ seasonId, teamId: foxes, conferenceId })

    const teamsOf = async (args: string) => {
      const { season } = await stats.anybody.ok<{ season: { teams: SeasonTeams } }>(
        `query ($id: ID!) { season(id: $id) { teams${args} { totalCount edges { node { id name } conference { id } } } } }`,
        { id: seasonId },
      )
      return season.teams
    }
    const all = await teamsOf('')
    expect(all.totalCount).toBe(3)
    expect(all.edges.map(({ node, conference }) => [node.name, conference?.id ?? null])).toEqual([
      ['Élans', conferenceId],
      ['Foxes', conferenceId],
      ['Zebras', null],
    ])
    const inConference = await teamsOf(`(conferenceId: "${conferenceId}", last: 1)`)
    expect(inConference.totalCount).toBe(2)
    expect(inConference.edges.map(({ node }) => node.name)).toEqual(['Foxes'])
  })

  test('with teams or games are kept, and say who keeps them', async () => {
    const sport = await stats.make.sport()
    const seasonId = await stats.make.season({ sportId: sport, label: '2026-2027' })
    const teamId = await stats.make.team({ sportId: sport })
    await stats.make.seasonEntry({ seasonId, teamId })
    expect(await stats.refused('deleteSeason', { id: seasonId })).toMatchObject({
      code: 'STATS_IN_USE',
      message: expect.stringContaining('season entries (1)'),
      extensions: { entityType: 'Season', id: seasonId, references: [{ what: 'season entries', count: 1 }] },
    })
    expect(await stats.refused('deleteSport', { id: sport })).toMatchObject({
      code: 'STATS_IN_USE',
      extensions: {
        references: [
          { what: 'seasons', count: 1 },
          { what: 'teams', count: 1 },
        ],
      },
    })
  })
})
