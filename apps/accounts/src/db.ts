import {
  type Database as AnyDatabase,
  openDatabase,
  systemActor,
  type WatchStatement,
} from '@courtside/database'
import type { LogDatabase } from '@courtside/events'
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

/** The log belongs to nobody: row-level security shows it to the system alone. */
export function toLogDatabase(db: Database): LogDatabase {
  return {
    read: (work) => db.as(systemActor, work),
    transaction: (work) => db.as(systemActor, work),
  }
}
