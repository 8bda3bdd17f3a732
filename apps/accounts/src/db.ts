import { type Database as AnyDatabase, openDatabase, type WatchStatement } from '@courtside/database'
import type { Logger } from '@courtside/logger'
import { type Prisma, PrismaClient } from './generated/prisma/client.ts'

export type Tx = Prisma.TransactionClient
export type Database = AnyDatabase<PrismaClient, Tx>

export function openAccountsDatabase(url: string, log: Logger, watchStatement?: WatchStatement): Database {
  return openDatabase<PrismaClient, Tx>({
    url,
    log,
    applicationName: 'courtside-accounts',
    createClient: (adapter) => new PrismaClient({ adapter }),
    ...(watchStatement && { watchStatement }),
  })
}
