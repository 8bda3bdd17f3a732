import type { PageArguments } from '@courtside/kernel'
import { type Database, sql, type Sql, type Tx } from '../db.ts'
import { alreadyExists } from '../errors.ts'
import { type CountedConnection, listSearchable, type SearchableTable } from '../lists/index.ts'
import type { Entity } from '../writes/index.ts'
import type { Team } from './team.ts'

export interface TeamFilter {
  search?: string | null
  sportId?: string | null
  seasonId?: string | null
  conferenceId?: string | null
  isActive?: boolean | null
  slug?: string | null
}

export const teamEntity: Entity<Team> = {
  name: 'Team',
  table: 'teams',
  find: async (tx, id) => (await findTeams(tx, [id])).get(id) ?? null,
  referrers: [
    { table: 'season_entries', columns: { team_id: 'id' }, what: 'season entries' },
    { table: 'roster_entries', columns: { team_id: 'id' }, what: 'roster entries' },
    { table: 'games', columns: { home_team_id: 'id' }, what: 'games' },
    { table: 'games', columns: { away_team_id: 'id' }, what: 'games' },
  ],
  remedy: 'A team with a past is deactivated instead: updateTeam with isActive false.',
  conflicts: {
    teams_slug_key: () => alreadyExists('slug', 'Another team has this slug. Choose another one.'),
  },
}

export async function findTeams(tx: Tx, ids: readonly string[]): Promise<Map<string, Team>> {
  const rows = await tx.team.findMany({ where: { id: { in: [...ids] } } })
  return new Map(rows.map((row) => [row.id, row]))
}

const teams: SearchableTable<Team> = {
  table: sql`teams`,
  columns: sql`id, sport_id AS "sportId", name, abbreviation, slug, city, logo_url AS "logoUrl",
    primary_color AS "primaryColor", secondary_color AS "secondaryColor", is_active AS "isActive",
    created_at AS "createdAt", updated_at AS "updatedAt"`,
  searchText: sql`fold_text(name || ' ' || abbreviation || ' ' || city)`,
  byName: [
    { sql: sql`name`, type: 'text' },
    { sql: sql`id`, type: 'uuid' },
  ],
  nameKeyOf: ({ name, id }) => [name, id],
}

export function listTeams(
  database: Database,
  filter: TeamFilter,
  direction: 'asc' | 'desc' | null,
  page: PageArguments,
): Promise<CountedConnection<Team>> {
  return listSearchable(database, teams, {
    conditions: conditionsOf(filter),
    search: filter.search ?? null,
    direction,
    page,
  })
}

function conditionsOf({ sportId, seasonId, conferenceId, isActive, slug }: TeamFilter): Sql[] {
  const conditions: Sql[] = []
  if (sportId != null) conditions.push(sql`sport_id = ${sportId}::uuid`)
  if (isActive != null) conditions.push(sql`is_active = ${isActive}`)
  if (slug != null) conditions.push(sql`slug = ${slug}`)
  if (seasonId != null || conferenceId != null) {
    const season = seasonId == null ? sql`TRUE` : sql`entry.season_id = ${seasonId}::uuid`
    const conference = conferenceId == null ? sql`TRUE` : sql`entry.conference_id = ${conferenceId}::uuid`
    conditions.push(
      sql`EXISTS (SELECT FROM season_entries AS entry WHERE entry.team_id = teams.id AND ${season} AND ${conference})`,
    )
  }
  return conditions
}

export type TeamValues = Pick<Team, 'name' | 'abbreviation' | 'slug' | 'city'> &
  Partial<Pick<Team, 'logoUrl' | 'primaryColor' | 'secondaryColor'>>

export const insertTeam = (tx: Tx, values: TeamValues & { id?: string; sportId: string }): Promise<Team> =>
  tx.team.create({ data: values })

export const updateTeam = (
  tx: Tx,
  id: string,
  values: Partial<TeamValues> & { isActive?: boolean },
): Promise<Team> => tx.team.update({ where: { id }, data: values })

/** Serialises whoever wants to place these teams, in one order for all, so that two never wait for each other. */
export async function lockTeams(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM teams WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR NO KEY UPDATE`
}
