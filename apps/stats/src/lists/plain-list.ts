import { keyset, type SortKey } from '@courtside/database'
import { type CursorValue, type PageArguments, toConnection, toPageRequest } from '@courtside/kernel'
import type { Database, Tx } from '../db.ts'
import type { CountedConnection } from './counted-connection.ts'

/** What Prisma's `findMany` takes to fetch a page. */
type Keyset = ReturnType<typeof keyset>

/** A list in one fixed order. */
export interface PlainList<Row> {
  order: readonly SortKey[]
  keyOf(row: Row): readonly CursorValue[]
  rows(client: Tx, page: Keyset): Promise<Row[]>
  count(client: Tx): Promise<number>
  page: PageArguments
}

export async function listPlain<Row>(
  database: Database,
  { order, keyOf, rows, count, page: args }: PlainList<Row>,
): Promise<CountedConnection<Row>> {
  const page = toPageRequest(args, order.length)
  const found = await database.read((client) => rows(client, keyset(order, page)))
  return { ...toConnection(found, page, keyOf, (row) => row), count: () => database.read(count) }
}
