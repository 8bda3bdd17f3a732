import { createHash } from 'node:crypto'
import {
  type CursorValue,
  DomainError,
  type PageArguments,
  type PageRequest,
  toConnection,
  toPageRequest,
} from '@courtside/kernel'
import { type Database, join, type Sql, sql, type Tx } from '../db.ts'
import type { CountedConnection } from './counted-connection.ts'
import { foreignCursor, keysetSql, type SortColumn } from './keyset-sql.ts'
import { matchOf, withSearchThreshold } from './search-sql.ts'

/** A table that is listed by name, or by how well it matches a search. */
export interface SearchableTable<Row> {
  table: Sql
  /** Aliased so that a row comes out as `Row`. */
  columns: Sql
  /** The expression that the trigram index of the table is made of. */
  searchText: Sql
  byName: readonly SortColumn[]
  nameKeyOf(row: Row): readonly CursorValue[]
}

export interface ListQuery {
  /** All must hold. */
  conditions: readonly Sql[]
  search: string | null
  /** Null where the caller did not choose; that is ascending. */
  direction: 'asc' | 'desc' | null
  page: PageArguments
}

type Found<Row> = Row & { score: number }

export async function listSearchable<Row extends { id: string }>(
  database: Database,
  table: SearchableTable<Row>,
  query: ListQuery,
): Promise<CountedConnection<Row>> {
  return query.search === null
    ? listByName(database, table, query)
    : listByRank(database, table, query, query.search)
}

async function listByName<Row extends { id: string }>(
  database: Database,
  { table, columns, byName, nameKeyOf }: SearchableTable<Row>,
  { conditions, direction, page: args }: ListQuery,
): Promise<CountedConnection<Row>> {
  const page = toPageRequest(args, byName.length)
  const { beyond, orderBy, limit } = keysetSql({ columns: byName, direction: direction ?? 'asc' }, page)
  const rows = await database.read(
    (client) => client.$queryRaw<Row[]>`
      SELECT ${columns} FROM ${table} WHERE ${all([...conditions, beyond])} ORDER BY ${orderBy} LIMIT ${limit}`,
  )
  return {
    ...toConnection(rows, page, nameKeyOf, (row) => row),
    count: () => database.read((client) => countRows(client, table, all(conditions))),
  }
}

/**
 * The rank is computed, so no index can hold it; but it depends on the row and the words alone. The cursor carries it
 * with the id, and a digest of the words: pages of one search never mix with those of another.
 */
async function listByRank<Row extends { id: string }>(
  database: Database,
  { table, columns, searchText }: SearchableTable<Row>,
  { conditions, direction, page: args }: ListQuery,
  words: string,
): Promise<CountedConnection<Row>> {
  if (direction !== null) throw orderWithSearch()
  const digest = createHash('sha256').update(words).digest('base64url').slice(0, 12)
  const page = withoutDigest(toPageRequest(args, 3), digest)
  const { matches, score } = matchOf(searchText, words)
  const { beyond, orderBy, limit } = keysetSql(byRank, page)
  const matching = all([...conditions, matches])
  const rows = await withSearchThreshold(
    database,
    (tx) => tx.$queryRaw<Found<Row>[]>`
      SELECT * FROM (SELECT ${columns}, ${score} AS score FROM ${table} WHERE ${matching}) AS found
      WHERE ${beyond} ORDER BY ${orderBy} LIMIT ${limit}`,
  )
  return {
    ...toConnection(
      rows,
      page,
      (row) => [digest, row.score, row.id],
      (row): Row => row,
    ),
    count: () => withSearchThreshold(database, (tx) => countRows(tx, table, matching)),
  }
}

const byRank = {
  columns: [
    { sql: sql`score`, type: 'integer' },
    { sql: sql`id`, type: 'uuid' },
  ],
  direction: 'desc',
} as const

function withoutDigest(page: PageRequest, digest: string): PageRequest {
  if (page.cursor === null) return page
  const [of, ...key] = page.cursor
  if (of !== digest) throw foreignCursor()
  return { ...page, cursor: key }
}

async function countRows(client: Tx, table: Sql, condition: Sql): Promise<number> {
  const [row] = await client.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM ${table} WHERE ${condition}`
  return row?.count ?? 0
}

const all = (conditions: readonly Sql[]) =>
  conditions.length === 0 ? sql`TRUE` : join([...conditions], ' AND ')

const orderWithSearch = () =>
  new DomainError({
    kind: 'invalid',
    code: 'BAD_USER_INPUT',
    message: 'Leave out order when you search: the best match comes first.',
  })
