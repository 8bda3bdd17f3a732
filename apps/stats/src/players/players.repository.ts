import type { PageArguments } from '@courtside/kernel'
import { type Database, sql, type Sql, type Tx } from '../db.ts'
import { fromDay, toDay } from '../day.ts'
import { type CountedConnection, listSearchable, type SearchableTable } from '../lists/index.ts'
import type { Entity } from '../writes/index.ts'
import type { Player, PlayerPosition } from './player.ts'

export interface PlayerFilter {
  search?: string | null
  teamId?: string | null
  seasonId?: string | null
  position?: PlayerPosition | null
  nationality?: string | null
  isActive?: boolean | null
}

export const playerEntity: Entity<Player> = {
  name: 'Player',
  table: 'players',
  find: async (tx, id) => (await findPlayers(tx, [id])).get(id) ?? null,
  referrers: [{ table: 'roster_entries', columns: { player_id: 'id' }, what: 'roster entries' }],
  remedy: 'A player with a past is deactivated instead: updatePlayer with isActive false.',
  conflicts: {},
}

export async function findPlayers(tx: Tx, ids: readonly string[]): Promise<Map<string, Player>> {
  const rows = await tx.player.findMany({ where: { id: { in: [...ids] } } })
  return new Map(rows.map((row) => [row.id, toPlayer(row)]))
}

const players: SearchableTable<Player> = {
  table: sql`players`,
  columns: sql`id, first_name AS "firstName", last_name AS "lastName", display_name AS "displayName",
    birth_date::text AS "birthDate", height_cm AS "heightCm", position, nationality, is_active AS "isActive",
    created_at AS "createdAt", updated_at AS "updatedAt"`,
  searchText: sql`fold_text(display_name || ' ' || first_name || ' ' || last_name)`,
  byName: [
    { sql: sql`last_name`, type: 'text' },
    { sql: sql`first_name`, type: 'text' },
    { sql: sql`id`, type: 'uuid' },
  ],
  nameKeyOf: ({ lastName, firstName, id }) => [lastName, firstName, id],
}

export function listPlayers(
  database: Database,
  filter: PlayerFilter,
  direction: 'asc' | 'desc' | null,
  page: PageArguments,
): Promise<CountedConnection<Player>> {
  return listSearchable(database, players, {
    conditions: conditionsOf(filter),
    search: filter.search ?? null,
    direction,
    page,
  })
}

function conditionsOf({ teamId, seasonId, position, nationality, isActive }: PlayerFilter): Sql[] {
  const conditions: Sql[] = []
  if (position != null) conditions.push(sql`position = ${position}`)
  if (nationality != null) conditions.push(sql`nationality = ${nationality}::char(2)`)
  if (isActive != null) conditions.push(sql`is_active = ${isActive}`)
  if (teamId != null || seasonId != null) {
    const team = teamId == null ? sql`TRUE` : sql`entry.team_id = ${teamId}::uuid`
    const season = seasonId == null ? sql`TRUE` : sql`entry.season_id = ${seasonId}::uuid`
    conditions.push(
      sql`EXISTS (SELECT FROM roster_entries AS entry WHERE entry.player_id = players.id AND ${team} AND ${season})`,
    )
  }
  return conditions
}

export type PlayerValues = Pick<Player, 'firstName' | 'lastName' | 'displayName'> &
  Partial<Pick<Player, 'birthDate' | 'heightCm' | 'position' | 'nationality'>>

export async function insertPlayer(tx: Tx, values: PlayerValues & { id?: string }): Promise<Player> {
  return toPlayer(await tx.player.create({ data: { ...values, birthDate: toColumn(values.birthDate) } }))
}

export async function updatePlayer(
  tx: Tx,
  id: string,
  values: Partial<PlayerValues> & { isActive?: boolean },
): Promise<Player> {
  const data = { ...values, birthDate: toColumn(values.birthDate) }
  return toPlayer(await tx.player.update({ where: { id }, data }))
}

const toColumn = (day: string | null | undefined) => (day == null ? day : fromDay(day))

type PlayerRow = Omit<Player, 'birthDate' | 'position'> & { birthDate: Date | null; position: string | null }

const toPlayer = (row: PlayerRow): Player => ({
  ...row,
  birthDate: row.birthDate && toDay(row.birthDate),
  // A check constraint keeps the positions to those that we know.
  position: row.position as PlayerPosition | null,
})
