import { type Database as AnyDatabase, openDatabase, type WatchStatement } from '@courtside/database'
import type { Logger } from '@courtside/logger'
import { Prisma, PrismaClient } from './generated/prisma/client.ts'

/** What a repository speaks to: a transaction, or the client itself for single statements. */
export type Tx = Prisma.TransactionClient
export type Database = AnyDatabase<PrismaClient, Tx>

/** SQL in pieces. Values always travel as parameters; `raw` is for names that stand in our own code. */
export type Sql = Prisma.Sql
export const { sql, join, raw, empty } = Prisma

export function openStatsDatabase(url: string, log: Logger, watchStatement?: WatchStatement): Database {
  return openDatabase<PrismaClient, Tx>({
    url,
    log,
    applicationName: 'courtside-stats',
    createClient: (adapter) => new PrismaClient({ adapter }),
    ...(watchStatement && { watchStatement }),
  })
}
