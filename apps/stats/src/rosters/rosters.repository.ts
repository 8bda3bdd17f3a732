import type { SortKey } from '@courtside/database'
import type { PageArguments } from '@courtside/kernel'
import { type Database, sql, type Tx } from '../db.ts'
import { type Day, fromDay, toDay } from '../day.ts'
import { type CountedConnection, listPlain } from '../lists/index.ts'
import type { Entity } from '../writes/index.ts'
import type { RosterEntry } from './roster-entry.ts'
import { alreadyOnRoster, captainTaken, numberTaken, onAnotherRoster } from './rosters.errors.ts'

export interface RosterEntryFilter {
  teamId?: string | null
  seasonId?: string | null
  playerId?: string | null
  isActive?: boolean | null
}

export const rosterEntryEntity: Entity<RosterEntry> = {
  name: 'RosterEntry',
  table: 'roster_entries',
  find: async (tx, id) => (await findRosterEntries(tx, [id])).get(id) ?? null,
  referrers: [],
  remedy: '',
  conflicts: {
    roster_entries_team_id_season_id_player_id_key: alreadyOnRoster,
    roster_entries_number_key: numberTaken,
    roster_entries_one_team_key: onAnotherRoster,
    roster_entries_captain_key: captainTaken,
  },
}

export async function findRosterEntries(tx: Tx, ids: readonly string[]): Promise<Map<string, RosterEntry>> {
  const rows = await tx.rosterEntry.findMany({ where: { id: { in: [...ids] } } })
  return new Map(rows.map((row) => [row.id, toRosterEntry(row)]))
}

const AS_MADE: readonly SortKey[] = [{ field: 'id', order: 'asc', type: 'uuid' }]

export function listRosterEntries(
  database: Database,
  { teamId, seasonId, playerId, isActive }: RosterEntryFilter,
  page: PageArguments,
): Promise<CountedConnection<RosterEntry>> {
  const matching = {
    teamId: teamId ?? undefined,
    seasonId: seasonId ?? undefined,
    playerId: playerId ?? undefined,
    leftOn: isActive == null ? undefined : isActive ? null : { not: null },
  }
  return listPlain(database, {
    page,
    order: AS_MADE,
    keyOf: ({ id }) => [id],
    rows: async (client, { where, ...rest }) =>
      (await client.rosterEntry.findMany({ where: { ...matching, AND: where }, ...rest })).map(toRosterEntry),
    count: (client) => client.rosterEntry.count({ where: matching }),
  })
}

type Values = Pick<RosterEntry, 'number' | 'isCaptain' | 'isLibero' | 'joinedOn' | 'leftOn'>
type Place = Pick<RosterEntry, 'teamId' | 'seasonId' | 'playerId' | 'sportId'>

export async function insertRosterEntry(
  tx: Tx,
  values: Values & Place & { id?: string },
): Promise<RosterEntry> {
  return toRosterEntry(await tx.rosterEntry.create({ data: { ...values, ...toColumns(values) } }))
}

export async function updateRosterEntry(tx: Tx, id: string, values: Values): Promise<RosterEntry> {
  const { number, isCaptain, isLibero } = values
  const data = { number, isCaptain, isLibero, ...toColumns(values) }
  return toRosterEntry(await tx.rosterEntry.update({ where: { id }, data }))
}

export interface RosterQuery {
  /** Without one: the season of today. */
  seasonId: string | null
  includeLeft: boolean
  today: Day
}

/** Who plays for each of the teams, by number. */
export async function findRosters(
  tx: Tx,
  teamIds: readonly string[],
  { seasonId, includeLeft, today }: RosterQuery,
): Promise<Map<string, RosterEntry[]>> {
  const season =
    seasonId === null
      ? sql`(
          SELECT current.id FROM season_entries AS taken JOIN seasons AS current ON current.id = taken.season_id
          WHERE taken.team_id = team.id AND ${today}::date BETWEEN current.starts_on AND current.ends_on
          ORDER BY current.starts_on DESC, current.id DESC LIMIT 1
        )`
      : sql`${seasonId}::uuid`
  const rows = await tx.$queryRaw<RosterEntry[]>`
    SELECT ${columns} FROM unnest(${[...teamIds]}::uuid[]) AS team (id)
    JOIN roster_entries AS entry ON entry.team_id = team.id AND entry.season_id = ${season}
    WHERE ${includeLeft ? sql`TRUE` : sql`entry.left_on IS NULL`}
    ORDER BY entry.number, entry.id`
  return Map.groupBy(rows, (row) => row.teamId)
}

/** The entry of each player that holds today; of several, that of the season that began last. */
export async function findCurrentEntries(
  tx: Tx,
  playerIds: readonly string[],
  today: Day,
): Promise<Map<string, RosterEntry>> {
  const rows = await tx.$queryRaw<RosterEntry[]>`
    SELECT DISTINCT ON (entry.player_id) ${columns}
    FROM roster_entries AS entry JOIN seasons AS season ON season.id = entry.season_id
    WHERE entry.player_id = ANY(${[...playerIds]}::uuid[])
      AND ${today}::date BETWEEN season.starts_on AND season.ends_on
      AND entry.joined_on <= ${today}::date AND (entry.left_on IS NULL OR entry.left_on >= ${today}::date)
    ORDER BY entry.player_id, season.starts_on DESC, entry.joined_on DESC, entry.id DESC`
  return new Map(rows.map((row) => [row.playerId, row]))
}

/** All entries of each player, the latest season first. */
export async function findEntriesOfPlayers(
  tx: Tx,
  playerIds: readonly string[],
): Promise<Map<string, RosterEntry[]>> {
  const rows = await tx.$queryRaw<RosterEntry[]>`
    SELECT ${columns} FROM roster_entries AS entry JOIN seasons AS season ON season.id = entry.season_id
    WHERE entry.player_id = ANY(${[...playerIds]}::uuid[])
    ORDER BY season.starts_on DESC, entry.joined_on DESC, entry.id DESC`
  return Map.groupBy(rows, (row) => row.playerId)
}

const columns = sql`entry.id, entry.team_id AS "teamId", entry.season_id AS "seasonId", entry.player_id AS "playerId",
  entry.sport_id AS "sportId", entry.number, entry.is_captain AS "isCaptain",
  entry.is_libero AS "isLibero", entry.joined_on::text AS "joinedOn", entry.left_on::text AS "leftOn",
  entry.created_at AS "createdAt", entry.updated_at AS "updatedAt"`

const toColumns = ({ joinedOn, leftOn }: Values) => ({
  joinedOn: fromDay(joinedOn),
  leftOn: leftOn === null ? null : fromDay(leftOn),
})

type RosterRow = Omit<RosterEntry, 'joinedOn' | 'leftOn'> & { joinedOn: Date; leftOn: Date | null }

const toRosterEntry = (row: RosterRow): RosterEntry => ({
  ...row,
  joinedOn: toDay(row.joinedOn),
  leftOn: row.leftOn && toDay(row.leftOn),
})
