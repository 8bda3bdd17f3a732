import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { statementsDuring } from '@courtside/testing'
import { hoursFromNow, NOW } from '../testing/fixtures.ts'
import { openStats, type StatsHarness } from '../testing/open-stats.ts'
import { makeSeason, type SeasonWithTeams } from '../testing/season.ts'

let stats: StatsHarness
let league: SeasonWithTeams
let venueId: string
/** By name: the teams' numbers and the hours from now tell what each is. */
const games = new Map<string, string>()

beforeAll(async () => {
  stats = await openStats()
  const { make } = stats
  league = await makeSeason(stats, 4)
  venueId = await make.venue()
  const { seasonId, conferenceId } = league
  const team = (number: number) => league.teamIds[number] as string
  const play = async (name: string, home: number, away: number, hours: number, more: object = {}) =>
    games.set(
      name,
      await make.game({
        seasonId,
        homeTeamId: team(home),
        awayTeamId: team(away),
        startsAt: hoursFromNow(hours),
        ...more,
      }),
    )
  await play('past', 0, 1, -100, { conferenceId })
  await play('yesterday', 1, 0, -24)
  await play('cancelled', 0, 2, 5)
  const cancelled = { id: games.get('cancelled'), expectedVersion: 1, status: 'CANCELLED', reason: 'Flood' }
  await stats.mutate('changeGameStatus', cancelled, 'game { id }')
  await play('tonight', 2, 0, 8, { venueId })
  await play('tomorrow', 0, 3, 30, { venueId, conferenceId })
  await play('others', 2, 3, 5.5, { venueId })
})
afterAll(() => stats.close())

interface Page {
  totalCount: number
  edges: { node: { id: string } }[]
}

const nameOf = (id: string) => [...games].find(([, known]) => known === id)?.[0]
const names = ({ edges }: Page) => edges.map(({ node }) => nameOf(node.id))

describe('STA-01: lists of games', () => {
  const list = async (filter: object, order?: string) => {
    const { games: page } = await stats.anybody.ok<{ games: Page }>(
      'query ($filter: GameFilter, $order: GameOrder) { games(filter: $filter, order: $order) { totalCount edges { node { id } } } }',
      { filter, order },
    )
    expect(page.totalCount).toBe(page.edges.length)
    return names(page)
  }
  const team = (number: number) => ({ teamId: league.teamIds[number] })

  test('begin with the earliest, or with the latest', async () => {
    const all = ['past', 'yesterday', 'cancelled', 'others', 'tonight', 'tomorrow']
    expect(await list({})).toEqual(all)
    expect(await list({}, 'STARTS_AT_DESC')).toEqual(all.toReversed())
  })

  test('are narrowed by team, on either side', async () => {
    expect(await list(team(0))).toEqual(['past', 'yesterday', 'cancelled', 'tonight', 'tomorrow'])
    expect(await list(team(3))).toEqual(['others', 'tomorrow'])
  })

  test('are narrowed by season, conference, venue and sport', async () => {
    const { seasonId, conferenceId, sportId } = league
    const unknown = '0197b1de-0000-7000-8000-000000000000'
    expect(await list({ seasonId })).toHaveLength(6)
    expect(await list({ sportId })).toHaveLength(6)
    expect(await list({ conferenceId })).toEqual(['past', 'tomorrow'])
    expect(await list({ venueId })).toEqual(['others', 'tonight', 'tomorrow'])
    for (const field of ['seasonId', 'sportId', 'conferenceId', 'venueId', 'teamId']) {
      expect(await list({ [field]: unknown })).toEqual([])
    }
  })

  test('are narrowed by status and by time, from inclusive to exclusive', async () => {
    expect(await list({ status: ['CANCELLED'] })).toEqual(['cancelled'])
    expect(await list({ status: ['CANCELLED', 'CANCELLED', 'LIVE'] })).toEqual(['cancelled'])
    expect(await list({ status: [] })).toEqual([])
    expect(await list({ from: hoursFromNow(-24), to: hoursFromNow(8) })).toEqual([
      'yesterday',
      'cancelled',
      'others',
    ])
    expect(await list({ from: hoursFromNow(8) })).toEqual(['tonight', 'tomorrow'])
  })

  test('are narrowed by everything at once', async () => {
    const filter = {
      ...team(0),
      venueId,
      seasonId: league.seasonId,
      status: ['SCHEDULED'],
      from: hoursFromNow(10),
    }
    expect(await list(filter)).toEqual(['tomorrow'])
  })
})

describe('STA-01: games joined to what they belong to', () => {
  test('a team has all its games, those before and those after a cursor, and as many as it has', async () => {
    const read = async (args: string) => {
      const { team } = await stats.anybody.ok<{
        team: { games: Page & { pageInfo: Record<string, unknown> } }
      }>(
        `query ($id: ID!) { team(id: $id) { games${args} { totalCount edges { node { id } } pageInfo { hasNextPage endCursor } } } }`,
        { id: league.teamIds[0] },
      )
      return team.games
    }
    const first = await read('(first: 3)')
    expect(names(first)).toEqual(['past', 'yesterday', 'cancelled'])
    expect(first).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } })
    const rest = await read(`(first: 3, after: "${String(first.pageInfo['endCursor'])}")`)
    expect(names(rest)).toEqual(['tonight', 'tomorrow'])
    expect(rest.pageInfo['hasNextPage']).toBe(false)
    expect(names(await read('(last: 2)'))).toEqual(['tonight', 'tomorrow'])
    expect(names(await read('(order: STARTS_AT_DESC, first: 2)'))).toEqual(['tomorrow', 'tonight'])
  })

  test('a team, a season and a venue narrow their games like any list', async () => {
    const rival = league.teamIds[1]
    const query = `query ($team: ID!, $season: ID!, $venue: ID!) {
      team(id: $team) { games(filter: { teamId: "${rival}" }) { totalCount edges { node { id } } } }
      season(id: $season) { games(filter: { status: [CANCELLED] }) { totalCount edges { node { id } } } }
      venue(id: $venue) { games(first: 1, order: STARTS_AT_DESC) { totalCount edges { node { id } } } }
    }`
    const { team, season, venue } = await stats.anybody.ok<Record<string, { games: Page }>>(query, {
      team: league.teamIds[0],
      season: league.seasonId,
      venue: venueId,
    })
    expect(names(team!.games)).toEqual(['past', 'yesterday'])
    expect(names(season!.games)).toEqual(['cancelled'])
    expect(names(venue!.games)).toEqual(['tomorrow'])
    expect([team, season, venue].map((owner) => owner!.games.totalCount)).toEqual([2, 1, 3])
  })

  test('a team looks forward to a game that is on, and back to one that was', async () => {
    const read = async () => {
      const { teams } = await stats.anybody.ok<{
        teams: {
          edges: { node: { id: string; nextGame: { id: string } | null; lastGame: { id: string } | null } }[]
        }
      }>('{ teams { edges { node { id nextGame { id } lastGame { id } } } } }')
      const byId = new Map(teams.edges.map(({ node }) => [node.id, node]))
      return league.teamIds.map((id) => {
        const { nextGame, lastGame } = byId.get(id)!
        return [nextGame && nameOf(nextGame.id), lastGame && nameOf(lastGame.id)]
      })
    }
    expect(await read()).toEqual([
      ['tonight', 'yesterday'],
      [null, 'yesterday'],
      ['others', null],
      ['others', null],
    ])
    stats.clock.set(new Date(hoursFromNow(20)))
    expect(await read()).toEqual([
      ['tomorrow', 'tonight'],
      [null, 'yesterday'],
      [null, 'tonight'],
      ['tomorrow', 'others'],
    ])
    stats.clock.set(NOW)
  })
})

describe('STA-01: a page of games', () => {
  const QUERY = `query ($last: Int) {
    games(last: $last) {
      totalCount
      edges {
        node {
          id status
          venue { name games(first: 2) { totalCount } }
          season { label sport { name } teams(first: 2) { edges { node { name } conference { name } } } }
          conference { name }
          home { ...Side }
          away { ...Side }
        }
      }
    }
  }
  fragment Side on Team {
    name
    conference { name }
    nextGame { startsAt }
    lastGame { startsAt }
    roster { number player { displayName number team { name } rosterEntries { season { label } } } }
    games(first: 2) { totalCount edges { node { id home { name } } } }
  }`

  test('of fifty with all that hangs on them takes as many statements as one of two', async () => {
    const { make } = stats
    const { seasonId, conferenceId } = league
    for (let pair = 0; pair < 25; pair++) {
      const sides: string[] = []
      for (const number of [1, 2]) {
        const teamId = await make.team({ sportId: league.sportId })
        await make.seasonEntry({ seasonId, teamId, conferenceId })
        await make.rosterEntry({ seasonId, teamId, playerId: await make.player(), number })
        sides.push(teamId)
      }
      const [homeTeamId, awayTeamId] = sides as [string, string]
      const about = { seasonId, conferenceId, homeTeamId, awayTeamId, venueId: await make.venue() }
      for (const hours of [500, 600]) await make.game({ ...about, startsAt: hoursFromNow(hours) })
    }
    const ask = (last: number) =>
      statementsDuring(() => stats.anybody.ok<{ games: { edges: unknown[] } }>(QUERY, { last }))
    const two = await ask(2)
    const fifty = await ask(50)
    expect(two.result.games.edges).toHaveLength(2)
    expect(fifty.result.games.edges).toHaveLength(50)
    expect(fifty.statements.length).toBeLessThanOrEqual(two.statements.length)
    // One for each kind of thing that is asked for, and none for each thing.
    expect(fifty.statements.length).toBeLessThanOrEqual(20)
  })
})
