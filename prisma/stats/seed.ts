import pg from 'pg'
import { FIVB_2025, NCAA_WOMEN_2024, YOUTH_2026 } from '../../apps/stats/src/known-rule-sets.ts'
import { demoGames } from './demo-games.ts'
import { conference, demoId, sport, teams, venues } from './demo-league.ts'
import { players, rosterEntriesIn } from './demo-players.ts'

const DAY_MS = 86_400_000

const season = { id: demoId('season', 1), sport_id: sport.id }

const ruleSets = [FIVB_2025, NCAA_WOMEN_2024, YOUTH_2026].map((known, index) => ({
  id: demoId('ruleSet', index + 1),
  sport_id: sport.id,
  sport_kind: sport.kind,
  ...known,
}))
const [, leagueRules] = ruleSets as [unknown, { id: string }]

/** Ids that documents, examples and other seeds refer to. */
export const demoStats = {
  sportId: sport.id,
  seasonId: season.id,
  conferenceId: conference.id,
  teamId: demoId('team', 1),
  playerId: demoId('player', 1),
  teamIds: teams.map(({ id }) => id),
  playerIds: players.map(({ id }) => id),
  venueId: demoId('venue', 1),
  ruleSetId: leagueRules.id,
  /** The game that is live. */
  liveGameId: demoId('game', 69),
  /** The game that is to begin next. */
  warmupGameId: demoId('game', 70),
} as const

/**
 * A demo league in the middle of its season. Can run again at any time: what is there stays as people have left it,
 * and games that nobody has changed move along, so that there are always some today.
 */
export async function seedStats(databaseUrl: string, now: Date): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('BEGIN')
    await insert(client, 'sports', [sport])
    const days = await upsertSeason(client, now)
    await insert(client, 'conferences', [conference])
    await insert(client, 'venues', venues)
    await insert(client, 'rule_sets', ruleSets)
    await insert(client, 'teams', teams)
    await insert(client, 'season_entries', entriesOf(teams))
    await insert(client, 'players', players)
    await insert(client, 'roster_entries', rosterEntriesIn({ ...season, ...days }))
    await insert(client, 'games', demoGames(season, leagueRules, now), moveUntouched)
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}

/** Spans all games from its first seeding on, and only ever grows. Returns its first day. */
async function upsertSeason(client: pg.Client, now: Date): Promise<{ starts_on: string }> {
  const day = (offset: number) => new Date(now.getTime() + offset * DAY_MS).toISOString().slice(0, 10)
  const [startsOn, endsOn] = [day(-75), day(75)]
  const years = [startsOn.slice(0, 4), endsOn.slice(0, 4)]
  const { rows } = await client.query<{ starts_on: string }>(
    `INSERT INTO seasons (id, sport_id, label, starts_on, ends_on) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (id) DO UPDATE SET
       starts_on = least(seasons.starts_on, excluded.starts_on), ends_on = greatest(seasons.ends_on, excluded.ends_on)
     RETURNING starts_on::text`,
    [season.id, season.sport_id, [...new Set(years)].join('-'), startsOn, endsOn],
  )
  return rows[0] ?? { starts_on: startsOn }
}

const entriesOf = (entered: readonly { id: string }[]) =>
  entered.map(({ id }, index) => ({
    id: demoId('seasonEntry', index + 1),
    season_id: season.id,
    team_id: id,
    conference_id: conference.id,
    sport_id: sport.id,
  }))

const moveUntouched = `(id) DO UPDATE SET
  starts_at = excluded.starts_at, status = excluded.status, status_reason = excluded.status_reason,
  status_changed_at = excluded.status_changed_at, started_at = excluded.started_at, ended_at = excluded.ended_at
  WHERE games.version = 1`

/** All rows in one statement. By default rows that are there, or in the way of one, are left alone. */
async function insert(
  client: pg.Client,
  table: string,
  rows: readonly object[],
  onConflict = 'DO NOTHING',
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ')
  await client.query(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $1)
     ON CONFLICT ${onConflict}`,
    [JSON.stringify(rows)],
  )
}
