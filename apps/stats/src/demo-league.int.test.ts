import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { demoStats, seedStats } from '../../../prisma/stats/seed.ts'
import { NOW } from './testing/fixtures.ts'
import { openStats, type StatsHarness } from './testing/open-stats.ts'

const DAY_MS = 86_400_000

let stats: StatsHarness
beforeAll(async () => {
  stats = await openStats()
  await seedStats(stats.database.appUrl, NOW)
})
afterAll(() => stats.close())

/** Everything in the database that the league put there. */
async function snapshot(): Promise<Record<string, unknown[]>> {
  const tables = [
    'sports',
    'seasons',
    'conferences',
    'venues',
    'rule_sets',
    'teams',
    'season_entries',
    'players',
    'roster_entries',
    'games',
  ]
  const found: Record<string, unknown[]> = {}
  for (const table of tables) found[table] = await stats.sql(`SELECT * FROM ${table} ORDER BY id`)
  return found
}

const countByStatus = async (from: Date, to: Date) => {
  const rows = await stats.sql<{ status: string; count: number }>(
    'SELECT status, count(*)::int AS count FROM games WHERE starts_at >= $1 AND starts_at < $2 GROUP BY status',
    [from, to],
  )
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]))
}

describe('the demo league', () => {
  test('has twelve teams of fourteen, who all play each other at home and away', async () => {
    const { teams, players, games, roster_entries: rosters, rule_sets: ruleSets } = await snapshot()
    expect([teams, players, rosters, games, ruleSets].map((rows) => rows?.length)).toEqual([
      12, 168, 168, 132, 3,
    ])
    const pairs = (games as { home_team_id: string; away_team_id: string }[]).map(
      ({ home_team_id, away_team_id }) => `${home_team_id} ${away_team_id}`,
    )
    expect(new Set(pairs).size).toBe(132)
    const names = (players as { display_name: string }[]).map(({ display_name }) => display_name)
    expect(new Set(names).size).toBe(168)
  })

  test('keeps the rules that games are scheduled by', async () => {
    const clashes = await stats.sql(`
      WITH sides AS (
        SELECT id, starts_at, home_team_id AS team_id FROM games UNION ALL SELECT id, starts_at, away_team_id FROM games
      )
      SELECT one.id FROM sides AS one JOIN sides AS other
        ON other.team_id = one.team_id AND other.id > one.id AND abs(extract(epoch FROM other.starts_at - one.starts_at)) < 7200`)
    expect(clashes).toEqual([])
    const { season } = await stats.anybody.ok<{ season: { isCurrent: boolean } }>(
      `{ season(id: "${demoStats.seasonId}") { isCurrent } }`,
    )
    expect(season.isCurrent).toBe(true)
    // Refused when a game or a roster entry would be left outside: so none is.
    await stats.mutate('updateSeason', { id: demoStats.seasonId, label: '2026-2027' }, 'season { id }')
  })

  test('is in the middle of its season: results behind it, games today, others ahead', async () => {
    const past = await countByStatus(new Date(0), new Date(NOW.getTime() - DAY_MS))
    expect(Object.keys(past).toSorted()).toEqual(['CORRECTED', 'FORFEITED', 'OFFICIAL', 'POSTPONED'])
    expect(past['OFFICIAL']).toBeGreaterThan(50)
    const today = await countByStatus(
      new Date(NOW.getTime() - DAY_MS / 4),
      new Date(NOW.getTime() + DAY_MS / 4),
    )
    expect(today).toEqual({ OFFICIAL: 1, UNOFFICIAL: 1, LIVE: 1, WARMUP: 1, SCHEDULED: 2 })
    const ahead = await countByStatus(new Date(NOW.getTime() + DAY_MS), new Date('2999-01-01'))
    expect(Object.keys(ahead)).toEqual(['SCHEDULED'])
    expect(ahead['SCHEDULED']).toBeGreaterThan(50)
  })

  test('can be quoted by its ids', async () => {
    const query = `{
      live: game(id: "${demoStats.liveGameId}") { status venue { name } }
      warmup: game(id: "${demoStats.warmupGameId}") { status home { roster { player { displayName } } } }
      team(id: "${demoStats.teamId}") { name conference { id } nextGame { id } lastGame { id } }
      player(id: "${demoStats.playerId}") { displayName number team { id } }
      ruleSet(id: "${demoStats.ruleSetId}") { name volleyball { liberoMayServe } }
    }`
    expect(await stats.anybody.ok(query)).toMatchObject({
      live: { status: 'LIVE' },
      warmup: { status: 'WARMUP', home: { roster: Array.from({ length: 14 }, () => expect.anything()) } },
      team: { name: 'Harrow Bay Herons', conference: { id: demoStats.conferenceId } },
      player: { displayName: 'Ada Novak', number: 1, team: { id: demoStats.teamId } },
      ruleSet: { name: 'NCAA women', volleyball: { liberoMayServe: true } },
    })
  })

  test('stays the same when it is seeded again at the same time', async () => {
    const before = await snapshot()
    await seedStats(stats.database.appUrl, NOW)
    expect(await snapshot()).toEqual(before)
  })

  test('moves along with time, but for what people have changed', async () => {
    const { game } = await stats.anybody.ok<{ game: { version: number } }>(
      `{ game(id: "${demoStats.warmupGameId}") { version } }`,
    )
    const change = { id: demoStats.warmupGameId, expectedVersion: game.version, name: 'Grudge game' }
    await stats.mutate('updateGame', change, 'game { id }')
    await stats.mutate('updateTeam', { id: demoStats.teamId, name: 'Renamed Herons' }, 'team { id }')
    const before = await snapshot()

    const later = new Date(NOW.getTime() + 10 * DAY_MS + 137_042)
    await seedStats(stats.database.appUrl, later)
    const after = await snapshot()
    expect(after['games']).toHaveLength(132)
    expect(after['teams']).toEqual(before['teams'])
    const byId = (rows: unknown[] | undefined, id: string) =>
      (rows as { id: string }[]).find((row) => row.id === id)
    expect(byId(after['games'], demoStats.warmupGameId)).toEqual(
      byId(before['games'], demoStats.warmupGameId),
    )
    expect(byId(after['games'], demoStats.liveGameId)).toMatchObject({
      status: 'LIVE',
      starts_at: new Date(NOW.getTime() + 10 * DAY_MS - 40 * 60_000),
    })
    const odd = await stats.sql('SELECT id FROM games WHERE extract(epoch FROM starts_at) % 300 <> 0')
    expect(odd).toEqual([])
    expect(after['seasons']).toMatchObject([
      { starts_on: (before['seasons'] as { starts_on: Date }[])[0]?.starts_on },
    ])
  })
})
