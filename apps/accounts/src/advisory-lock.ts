import type { Tx } from './db.ts'

/**
 * Whoever locks the same name waits until this transaction ends. For rules about rows that are not there yet, which
 * no row lock can guard.
 */
export async function lockName(tx: Tx, name: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`
}
