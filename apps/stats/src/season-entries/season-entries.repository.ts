import type { SortKey } from '@courtside/database'
import type { PageArguments, PageRequest } from '@courtside/kernel'
import { type Database, sql, type Sql, type Tx } from '../db.ts'
import type { Day } from '../day.ts'
import { alreadyExists } from '../errors.ts'
import { type CountedConnection, keysetSql, listPlain, type Nested } from '../lists/index.ts'
import type { Entity } from '../writes/index.ts'
import type { SeasonEntry } from './season-entry.ts'

export interface SeasonEntryFilter {
  seasonId?: string | null
  teamId?: string | null
  conferenceId?: string | null
}

export const seasonEntryEntity: Entity<SeasonEntry> = {
  name: 'SeasonEntry',
  table: 'season_entries',
  find: (tx, id) => tx.seasonEntry.findUnique({ where: { id } }),
  referrers: [
    {
      table: 'roster_entries',
      columns: { season_id: 'seasonId', team_id: 'teamId' },
      what: 'roster entries',
    },
    { table: 'games', columns: { season_id: 'seasonId', home_team_id: 'teamId' }, what: 'games' },
    { table: 'games', columns: { season_id: 'seasonId', away_team_id: 'teamId' }, what: 'games' },
  ],
  remedy: 'Delete those first, or keep the team in the season.',
  conflicts: {
    season_entries_season_id_team_id_key: () =>
      alreadyExists('teamId', 'The team takes part in this season already. Change its entry instead.'),
  },
}

export async function findSeasonEntries(tx: Tx, ids: readonly string[]): Promise<Map<string, SeasonEntry>> {
  const rows = await tx.seasonEntry.findMany({ where: { id: { in: [...ids] } } })
  return new Map(rows.map((row) => [row.id, row]))
}

const AS_MADE: readonly SortKey[] = [{ field: 'id', order: 'asc', type: 'uuid' }]

export function listSeasonEntries(
  database: Database,
  { seasonId, teamId, conferenceId }: SeasonEntryFilter,
  page: PageArguments,
): Promise<CountedConnection<SeasonEntry>> {
  const matching = {
    seasonId: seasonId ?? undefined,
    teamId: teamId ?? undefined,
    conferenceId: conferenceId ?? undefined,
  }
  return listPlain(database, {
    page,
    order: AS_MADE,
    keyOf: ({ id }) => [id],
    rows: (client, { where, ...rest }) =>
      client.seasonEntry.findMany({ where: { ...matching, AND: where }, ...rest }),
    count: (client) => client.seasonEntry.count({ where: matching }),
  })
}

type Values = Pick<SeasonEntry, 'seasonId' | 'teamId' | 'sportId'> & { conferenceId?: string | null }

export const insertSeasonEntry = (tx: Tx, values: Values & { id?: string }): Promise<SeasonEntry> =>
  tx.seasonEntry.create({ data: values })

export const updateSeasonEntry = (
  tx: Tx,
  id: string,
  values: { conferenceId: string | null },
): Promise<SeasonEntry> => tx.seasonEntry.update({ where: { id }, data: values })

/** The entries of some teams in a season. They stay as they are until this transaction ends. */
export async function holdSeasonEntries(
  tx: Tx,
  seasonId: string,
  teamIds: readonly string[],
): Promise<{ teamId: string; conferenceId: string | null }[]> {
  return tx.$queryRaw`
    SELECT team_id AS "teamId", conference_id AS "conferenceId" FROM season_entries
    WHERE season_id = ${seasonId}::uuid AND team_id = ANY(${[...teamIds]}::uuid[])
    ORDER BY team_id FOR SHARE`
}

/** How many games the team has in the season that count for the table of a conference. */
export const countConferenceGames = (
  tx: Tx,
  { seasonId, teamId }: SeasonEntry,
  conferenceId: string,
): Promise<number> =>
  tx.game.count({
    where: { seasonId, conferenceId, OR: [{ homeTeamId: teamId }, { awayTeamId: teamId }] },
  })

/** The conference of each team in one season, or in the current one of its sport. */
export async function findConferenceIds(
  tx: Tx,
  teamIds: readonly string[],
  when: { seasonId: string } | { today: Day },
): Promise<Map<string, string>> {
  const inSeason =
    'seasonId' in when
      ? sql`entry.season_id = ${when.seasonId}::uuid`
      : sql`${when.today}::date BETWEEN season.starts_on AND season.ends_on`
  const rows = await tx.$queryRaw<{ teamId: string; conferenceId: string | null }[]>`
    SELECT DISTINCT ON (entry.team_id) entry.team_id AS "teamId", entry.conference_id AS "conferenceId"
    FROM season_entries AS entry JOIN seasons AS season ON season.id = entry.season_id
    WHERE entry.team_id = ANY(${[...teamIds]}::uuid[]) AND ${inSeason}
    ORDER BY entry.team_id, season.starts_on DESC, season.id DESC`
  return new Map(
    rows.flatMap(({ teamId, conferenceId }) => (conferenceId === null ? [] : [[teamId, conferenceId]])),
  )
}

/** A team in the list of a season. */
export interface SeasonTeam {
  teamId: string
  teamName: string
  conferenceId: string | null
}

export interface SeasonTeamFilter {
  conferenceId?: string | null
}

const BY_TEAM_NAME = {
  columns: [
    { sql: sql`team.name`, type: 'text' },
    { sql: sql`team.id`, type: 'uuid' },
  ],
  direction: 'asc',
} as const

export const seasonTeamKeyOf = ({ teamName, teamId }: SeasonTeam) => [teamName, teamId]
export const SEASON_TEAM_KEY_LENGTH = BY_TEAM_NAME.columns.length

export async function listSeasonTeams(
  tx: Tx,
  seasonIds: readonly string[],
  filter: SeasonTeamFilter,
  page: PageRequest,
): Promise<Nested<SeasonTeam>[]> {
  const { beyond, orderBy, limit } = keysetSql(BY_TEAM_NAME, page)
  return tx.$queryRaw`
    SELECT season.id AS "parentId", listed.* FROM unnest(${[...seasonIds]}::uuid[]) AS season (id)
    CROSS JOIN LATERAL (
      SELECT team.id AS "teamId", team.name AS "teamName", entry.conference_id AS "conferenceId"
      FROM season_entries AS entry JOIN teams AS team ON team.id = entry.team_id
      WHERE entry.season_id = season.id AND ${inConference(filter)} AND ${beyond}
      ORDER BY ${orderBy} LIMIT ${limit}
    ) AS listed`
}

export function countSeasonTeams(
  tx: Tx,
  seasonIds: readonly string[],
  filter: SeasonTeamFilter,
): Promise<Nested<{ count: number }>[]> {
  return tx.$queryRaw`
    SELECT entry.season_id AS "parentId", count(*)::int AS count FROM season_entries AS entry
    WHERE entry.season_id = ANY(${[...seasonIds]}::uuid[]) AND ${inConference(filter)} GROUP BY entry.season_id`
}

const inConference = ({ conferenceId }: SeasonTeamFilter): Sql =>
  conferenceId == null ? sql`TRUE` : sql`entry.conference_id = ${conferenceId}::uuid`
