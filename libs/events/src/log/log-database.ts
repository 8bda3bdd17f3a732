import type { Database } from '@courtside/database'

/** What every generated Prisma client and every transaction of it has, as far as this library uses it. */
export interface RawClient {
  $queryRaw<Rows>(query: TemplateStringsArray, ...values: unknown[]): Promise<Rows>
}

/** A subgraph's database that has the tables of `stream-log.sql`. */
export type LogDatabase = Pick<Database<RawClient, RawClient>, 'read' | 'transaction'>
