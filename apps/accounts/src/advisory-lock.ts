import type { Tx } from './db.ts'

/**
 * Whoever locks the same name waits until this transaction ends. For rules about rows that are not there yet, which
 * no row lock can guard.
 */
export async function lockName(tx: Tx, name: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`
}

/** The same without waiting: false when somebody else holds it. For work that one of several is enough for. */
export async function tryLockName(tx: Tx, name: string): Promise<boolean> {
  const [row] = await tx.$queryRaw<[{ locked: boolean }]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) AS locked`
  return row.locked
}
