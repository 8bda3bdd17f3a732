import type { SortKey } from '@courtside/database'
import type { PageArguments } from '@courtside/kernel'
import type { Database, Tx } from '../db.ts'
import { alreadyExists } from '../errors.ts'
import { type CountedConnection, listPlain } from '../lists/index.ts'
import type { Entity } from '../writes/index.ts'
import type { Sport, SportKind } from './sport.ts'

export interface SportFilter {
  kind?: SportKind | null
  slug?: string | null
}

export const sportEntity: Entity<Sport> = {
  name: 'Sport',
  table: 'sports',
  find: async (tx, id) => (await findSports(tx, [id])).get(id) ?? null,
  referrers: [
    { table: 'seasons', columns: { sport_id: 'id' }, what: 'seasons' },
    { table: 'conferences', columns: { sport_id: 'id' }, what: 'conferences' },
    { table: 'teams', columns: { sport_id: 'id' }, what: 'teams' },
    { table: 'rule_sets', columns: { sport_id: 'id' }, what: 'rule sets' },
  ],
  remedy: 'Delete those first, or keep the sport.',
  conflicts: {
    sports_slug_key: () => alreadyExists('slug', 'Another sport has this slug. Choose another one.'),
  },
}

export async function findSports(tx: Tx, ids: readonly string[]): Promise<Map<string, Sport>> {
  const rows = await tx.sport.findMany({ where: { id: { in: [...ids] } } })
  return new Map(rows.map((row) => [row.id, toSport(row)]))
}

const BY_NAME: readonly SortKey[] = [
  { field: 'name', order: 'asc', type: 'text' },
  { field: 'id', order: 'asc', type: 'uuid' },
]

export function listSports(
  database: Database,
  { kind, slug }: SportFilter,
  page: PageArguments,
): Promise<CountedConnection<Sport>> {
  const matching = { kind: kind ?? undefined, slug: slug ?? undefined }
  return listPlain(database, {
    page,
    order: BY_NAME,
    keyOf: ({ name, id }) => [name, id],
    rows: async (client, { where, ...rest }) =>
      (await client.sport.findMany({ where: { ...matching, AND: where }, ...rest })).map(toSport),
    count: (client) => client.sport.count({ where: matching }),
  })
}

export async function insertSport(
  tx: Tx,
  values: Pick<Sport, 'kind' | 'name' | 'slug'> & { id?: string },
): Promise<Sport> {
  return toSport(await tx.sport.create({ data: values }))
}

export async function updateSport(
  tx: Tx,
  id: string,
  values: Partial<Pick<Sport, 'name' | 'slug'>>,
): Promise<Sport> {
  return toSport(await tx.sport.update({ where: { id }, data: values }))
}

/** A check constraint keeps the kinds to those that we know. */
const toSport = (row: Omit<Sport, 'kind'> & { kind: string }): Sport => ({
  ...row,
  kind: row.kind as SportKind,
})
