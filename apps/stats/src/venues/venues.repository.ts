import type { PageArguments } from '@courtside/kernel'
import { type Database, sql, type Tx } from '../db.ts'
import { type CountedConnection, listSearchable, type SearchableTable } from '../lists/index.ts'
import type { Entity } from '../writes/index.ts'
import type { Venue } from './venue.ts'

export interface VenueFilter {
  search?: string | null
  country?: string | null
}

export const venueEntity: Entity<Venue> = {
  name: 'Venue',
  table: 'venues',
  find: async (tx, id) => (await findVenues(tx, [id])).get(id) ?? null,
  referrers: [{ table: 'games', columns: { venue_id: 'id' }, what: 'games' }],
  remedy: 'Move those elsewhere first, or keep the venue.',
  conflicts: {},
}

export async function findVenues(tx: Tx, ids: readonly string[]): Promise<Map<string, Venue>> {
  const rows = await tx.venue.findMany({ where: { id: { in: [...ids] } } })
  return new Map(rows.map((row) => [row.id, row]))
}

const venues: SearchableTable<Venue> = {
  table: sql`venues`,
  columns: sql`id, name, city, country, capacity, time_zone AS "timeZone", created_at AS "createdAt", updated_at AS "updatedAt"`,
  searchText: sql`fold_text(name || ' ' || city)`,
  byName: [
    { sql: sql`name`, type: 'text' },
    { sql: sql`id`, type: 'uuid' },
  ],
  nameKeyOf: ({ name, id }) => [name, id],
}

export function listVenues(
  database: Database,
  { search, country }: VenueFilter,
  direction: 'asc' | 'desc' | null,
  page: PageArguments,
): Promise<CountedConnection<Venue>> {
  const conditions = country == null ? [] : [sql`country = ${country}::char(2)`]
  return listSearchable(database, venues, { conditions, search: search ?? null, direction, page })
}

type Values = Omit<Venue, 'id' | 'createdAt' | 'updatedAt' | 'capacity'> & { capacity?: number | null }

export const insertVenue = (tx: Tx, values: Values & { id?: string }): Promise<Venue> =>
  tx.venue.create({ data: values })

export const updateVenue = (tx: Tx, id: string, values: Partial<Values>): Promise<Venue> =>
  tx.venue.update({ where: { id }, data: values })
