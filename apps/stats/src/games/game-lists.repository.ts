import type { PageRequest } from '@courtside/kernel'
import { join, raw, sql, type Sql, type Tx } from '../db.ts'
import { keysetSql, type Nested } from '../lists/index.ts'
import type { GameStatus } from './game-status.policy.ts'
import type { Game } from './game.ts'

export interface GameFilter {
  sportId?: string | null
  seasonId?: string | null
  conferenceId?: string | null
  teamId?: string | null
  venueId?: string | null
  status?: readonly GameStatus[] | null
  from?: Date | null
  to?: Date | null
}

export interface GameQuery {
  filter: GameFilter
  direction: 'asc' | 'desc'
}

/** Whose games: each of these has an index that begins with it and goes on in the order of the list. */
export type GameOwner = 'team' | 'season' | 'venue'

const COLUMNS_OF: Readonly<Record<GameOwner, readonly string[]>> = {
  team: ['home_team_id', 'away_team_id'],
  season: ['season_id'],
  venue: ['venue_id'],
}

export const gameColumns = sql`id, sport_id AS "sportId", season_id AS "seasonId", conference_id AS "conferenceId",
  home_team_id AS "homeTeamId", away_team_id AS "awayTeamId", venue_id AS "venueId", rule_set_id AS "ruleSetId",
  name, round, is_neutral_site AS "isNeutralSite", starts_at AS "startsAt", status, status_reason AS "statusReason",
  status_changed_at AS "statusChangedAt", started_at AS "startedAt", ended_at AS "endedAt", version,
  created_at AS "createdAt", updated_at AS "updatedAt"`

const KEY = [
  { sql: sql`starts_at`, type: 'timestamp' },
  { sql: sql`id`, type: 'uuid' },
] as const

export const GAME_KEY_LENGTH = KEY.length
export const gameKeyOf = ({ startsAt, id }: Game) => [startsAt.toISOString(), id]

export async function listGames(
  tx: Tx,
  { filter, direction }: GameQuery,
  page: PageRequest,
): Promise<Game[]> {
  const { beyond, orderBy, limit } = keysetSql({ columns: KEY, direction }, page)
  return tx.$queryRaw`
    SELECT ${gameColumns} FROM games WHERE ${all([...conditionsOf(filter), beyond])} ORDER BY ${orderBy} LIMIT ${limit}`
}

export async function countGames(tx: Tx, filter: GameFilter): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM games WHERE ${all(conditionsOf(filter))}`
  return row?.count ?? 0
}

/** A page of games for each owner. What an owner is in two columns (a team) is read from both of their indexes. */
export function listGamesOf(
  owner: GameOwner,
): (tx: Tx, ids: readonly string[], query: GameQuery, page: PageRequest) => Promise<Nested<Game>[]> {
  return (tx, ids, { filter, direction }, page) => {
    const { beyond, orderBy, limit } = keysetSql({ columns: KEY, direction }, page)
    const order = sql`ORDER BY ${orderBy} LIMIT ${limit}`
    const readings = COLUMNS_OF[owner].map(
      (column) =>
        sql`(SELECT * FROM games WHERE ${raw(column)} = owner.id AND ${all([...conditionsOf(filter), beyond])} ${order})`,
    )
    return tx.$queryRaw`
      SELECT owner.id AS "parentId", listed.* FROM unnest(${[...ids]}::uuid[]) AS owner (id)
      CROSS JOIN LATERAL (
        SELECT ${gameColumns} FROM (${join(readings, ' UNION ALL ')}) AS reading ${order}
      ) AS listed`
  }
}

export function countGamesOf(
  owner: GameOwner,
): (tx: Tx, ids: readonly string[], query: GameQuery) => Promise<Nested<{ count: number }>[]> {
  return (tx, ids, { filter }) => {
    const readings = COLUMNS_OF[owner].map(
      (column) => sql`SELECT ${raw(column)} AS owner_id FROM games
        WHERE ${raw(column)} = ANY(${[...ids]}::uuid[]) AND ${all(conditionsOf(filter))}`,
    )
    return tx.$queryRaw`
      SELECT owner_id AS "parentId", count(*)::int AS count FROM (${join(readings, ' UNION ALL ')}) AS reading
      GROUP BY owner_id`
  }
}

function conditionsOf(filter: GameFilter): Sql[] {
  const { sportId, seasonId, conferenceId, teamId, venueId, status, from, to } = filter
  const conditions: Sql[] = []
  if (sportId != null) conditions.push(sql`sport_id = ${sportId}::uuid`)
  if (seasonId != null) conditions.push(sql`season_id = ${seasonId}::uuid`)
  if (conferenceId != null) conditions.push(sql`conference_id = ${conferenceId}::uuid`)
  if (teamId != null) conditions.push(sql`(home_team_id = ${teamId}::uuid OR away_team_id = ${teamId}::uuid)`)
  if (venueId != null) conditions.push(sql`venue_id = ${venueId}::uuid`)
  if (status != null) conditions.push(sql`status = ANY(${[...status]})`)
  if (from != null) conditions.push(sql`starts_at >= ${from}`)
  if (to != null) conditions.push(sql`starts_at < ${to}`)
  return conditions
}

const all = (conditions: readonly Sql[]) =>
  conditions.length === 0 ? sql`TRUE` : join([...conditions], ' AND ')
