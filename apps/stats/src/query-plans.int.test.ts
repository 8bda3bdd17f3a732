import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { statementsDuring } from '@courtside/testing'
import { hoursFromNow } from './testing/fixtures.ts'
import { openStats, type StatsHarness } from './testing/open-stats.ts'

let stats: StatsHarness
let ids: Record<'sport' | 'season' | 'conference' | 'venue' | 'team' | 'player', string>

/** Sixty teams over five seasons: 5,000 games, as many players, and the statistics by which Postgres plans. */
beforeAll(async () => {
  stats = await openStats()
  await stats.sql(`
    CREATE TEMP TABLE numbers AS SELECT number FROM generate_series(0, 4999) AS number;
    INSERT INTO sports (id, kind, name, slug) VALUES (gen_random_uuid(), 'VOLLEYBALL', 'Volleyball', 'volleyball');
    INSERT INTO conferences (id, sport_id, name, abbreviation)
      SELECT gen_random_uuid(), id, 'Conference ' || number, 'C' || number FROM sports, numbers WHERE number < 6;
    INSERT INTO seasons (id, sport_id, label, starts_on, ends_on)
      SELECT gen_random_uuid(), id, (2022 + number)::text, make_date(2022 + number, 9, 1), make_date(2023 + number, 5, 31)
      FROM sports, numbers WHERE number < 5;
    INSERT INTO venues (id, name, city, country, time_zone)
      SELECT gen_random_uuid(), 'Hall ' || md5(number::text), 'City ' || number, 'US', 'UTC' FROM numbers WHERE number < 2000;
    INSERT INTO teams (id, sport_id, name, abbreviation, slug, city)
      SELECT gen_random_uuid(), id, 'Team ' || md5(number::text), 'T' || number, 'team-' || number, 'City ' || number
      FROM sports, numbers WHERE number < 2000;
    INSERT INTO season_entries (id, season_id, team_id, conference_id, sport_id)
      SELECT gen_random_uuid(), seasons.id, teams.id, conferences.id, seasons.sport_id
      FROM seasons, teams JOIN conferences ON conferences.name = 'Conference ' || (substr(teams.abbreviation, 2)::int % 6)
      WHERE substr(teams.abbreviation, 2)::int < 60;
    INSERT INTO games (id, sport_id, season_id, conference_id, home_team_id, away_team_id, venue_id, starts_at, status)
      SELECT gen_random_uuid(), seasons.sport_id, seasons.id, entry.conference_id, home.id, away.id, venues.id,
        seasons.starts_on + (number / 5 % 270) * interval '1 day', CASE WHEN number % 500 = 0 THEN 'LIVE' ELSE 'OFFICIAL' END
      FROM numbers
      JOIN seasons ON seasons.label = (2022 + number % 5)::text
      JOIN teams AS home ON home.slug = 'team-' || (number % 60)
      JOIN teams AS away ON away.slug = 'team-' || ((number + 1 + number / 60 % 58) % 60)
      JOIN venues ON venues.city = 'City ' || (number % 60)
      JOIN season_entries AS entry ON entry.season_id = seasons.id AND entry.team_id = home.id
      WHERE home.id <> away.id;
    INSERT INTO players (id, first_name, last_name, display_name, position)
      SELECT gen_random_uuid(), md5(number::text), md5('x' || number), md5(number::text),
        CASE WHEN number % 50 = 0 THEN 'LIBERO' ELSE 'SETTER' END FROM numbers;
    INSERT INTO roster_entries (id, team_id, season_id, player_id, sport_id, number, joined_on)
      SELECT gen_random_uuid(), teams.id, seasons.id, players.id, seasons.sport_id, place, seasons.starts_on
      FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS number FROM players) AS players
      JOIN teams ON teams.slug = 'team-' || (number % 60) JOIN seasons ON seasons.label = '2026'
      CROSS JOIN LATERAL (SELECT number / 60 AS place) AS places WHERE place < 14;
    INSERT INTO audit_log (action, entity_type, entity_id, actor_kind, actor_user_id, actor_api_key_id, request_id)
      SELECT CASE WHEN number % 500 = 0 THEN 'teams.delete' ELSE 'games.change-status' END, 'Game', number / 50,
        'user', md5((number / 50)::text)::uuid, md5((number / 50)::text)::uuid, 'request-1' FROM numbers;
    ANALYZE;`)
  const [row] = await stats.sql<typeof ids>(`
    SELECT sport_id AS sport, season_id AS season, conference_id AS conference, venue_id AS venue, home_team_id AS team,
      (SELECT player_id FROM roster_entries LIMIT 1) AS player
    FROM games LIMIT 1`)
  ids = row!
})
afterAll(() => stats.close())

/** The plans of everything that answering the query took. */
async function plansOf(query: string, variables: object, client = stats.anybody): Promise<string> {
  const { parametrised } = await statementsDuring(() => client.ok(query, variables))
  const plans: string[] = []
  for (const { text, values } of parametrised) {
    if (text.includes('set_config')) continue
    const rows = await stats.sql<Record<'QUERY PLAN', string>>(`EXPLAIN ${text}`, values)
    plans.push(text, ...rows.map((row) => row['QUERY PLAN']))
  }
  return plans.join('\n')
}

/** Who made the changes to game 7. */
const SEVEN = '8f14e45f-ceea-167a-5a36-dedd4bea2543'
const PAGE = 'edges { cursor node { id } }'

describe('GW-16: at size, no list reads all of a table', () => {
  test.each<[string, string, () => object]>([
    ['games', `{ games { ${PAGE} } }`, () => ({})],
    ['the latest games', `{ games(order: STARTS_AT_DESC) { ${PAGE} } }`, () => ({})],
    [
      'games far down the list',
      `query ($after: String) { games(after: $after) { ${PAGE} } }`,
      () => ({ after: btoa(JSON.stringify([hoursFromNow(0), ids.team])).replaceAll('=', '') }),
    ],
    [
      'games of a season',
      `query ($f: GameFilter) { games(filter: $f) { ${PAGE} } }`,
      () => ({ f: { seasonId: ids.season } }),
    ],
    [
      'games of a conference',
      `query ($f: GameFilter) { games(filter: $f) { ${PAGE} } }`,
      () => ({ f: { conferenceId: ids.conference } }),
    ],
    [
      'games at a venue',
      `query ($f: GameFilter) { games(filter: $f) { ${PAGE} } }`,
      () => ({ f: { venueId: ids.venue } }),
    ],
    [
      'live games',
      `query ($f: GameFilter) { games(filter: $f) { ${PAGE} } }`,
      () => ({ f: { status: ['LIVE', 'WARMUP'] } }),
    ],
    [
      'games of a week',
      `query ($f: GameFilter) { games(filter: $f) { ${PAGE} } }`,
      () => ({ f: { from: hoursFromNow(0), to: hoursFromNow(168) } }),
    ],
    [
      'games of a team',
      `query ($f: GameFilter) { games(filter: $f) { ${PAGE} } }`,
      () => ({ f: { teamId: ids.team } }),
    ],
    [
      'the games of each team of a page',
      `{ teams(first: 50) { edges { node { id games(first: 5, order: STARTS_AT_DESC) { totalCount ${PAGE} } } } } }`,
      () => ({}),
    ],
    [
      'the next and last game of each team',
      '{ teams(first: 50) { edges { node { nextGame { id } lastGame { id } } } } }',
      () => ({}),
    ],
    [
      'the games and teams of a season',
      `query ($id: ID!) { season(id: $id) { games { ${PAGE} } } }`,
      () => ({ id: ids.season }),
    ],
    [
      'the games of a venue',
      `query ($id: ID!) { venue(id: $id) { games { totalCount ${PAGE} } } }`,
      () => ({ id: ids.venue }),
    ],
    [
      'the roster of a team',
      'query ($id: ID!) { team(id: $id) { roster { number player { displayName number team { name } } } } }',
      () => ({ id: ids.team }),
    ],
    ['teams', `{ teams { ${PAGE} } }`, () => ({})],
    ['teams by a search', `{ teams(filter: { search: "c4ca4238a0" }) { ${PAGE} } }`, () => ({})],
    ['a team by its slug', `{ teams(filter: { slug: "team-17" }) { ${PAGE} } }`, () => ({})],
    ['players', `{ players(order: NAME_DESC) { ${PAGE} } }`, () => ({})],
    ['players of a position', `{ players(filter: { position: LIBERO }) { ${PAGE} } }`, () => ({})],
    ['players by a search', `{ players(filter: { search: "c4ca4238a0" }) { ${PAGE} } }`, () => ({})],
    [
      'a player and the teams',
      `query ($id: ID!) { player(id: $id) { number rosterEntries { id } } }`,
      () => ({ id: ids.player }),
    ],
    ['venues', `{ venues { ${PAGE} } }`, () => ({})],
    ['venues by a search', `{ venues(filter: { search: "c4ca4238a0" }) { ${PAGE} } }`, () => ({})],
  ])('%s', async (_, query, variables) => {
    const plans = await plansOf(query, variables())
    expect(plans).toContain('Index')
    expect(plans).not.toMatch(/Seq Scan on (public\.)?(games|players|teams|venues|roster_entries)\b/)
  })

  test.each<[string, object, string]>([
    ['an action', { action: 'teams.delete' }, 'audit_log_action_id_idx'],
    ['a thing', { entityType: 'Game', entityId: '7' }, 'audit_log_entity_type_entity_id_id_idx'],
    ['a person', { actorUserId: SEVEN }, 'audit_log_actor_user_id_id_idx'],
    ['a key', { actorApiKeyId: SEVEN }, 'audit_log_actor_api_key_id_id_idx'],
  ])('audit entries of %s', async (_, filter, index) => {
    const log = 'query ($f: AuditFilter) { statsAuditLog(filter: $f) { totalCount edges { node { id } } } }'
    const plans = await plansOf(log, { f: filter }, stats.admin)
    expect(plans).toContain(index)
    expect(plans).not.toContain('Seq Scan')
  })
})
