import type { Tx } from './db.ts'

/**
 * What lasts until a given time is judged by one clock, that of the database: the same in lists, in views and in every
 * process. Not the start of the transaction, which may lie before a lock it had to wait for.
 */
export async function readDatabaseClock(tx: Tx): Promise<Date> {
  const [row] = await tx.$queryRaw<[{ now: Date }]>`SELECT clock_timestamp() AS now`
  return row.now
}
