import pg from 'pg'
import type { AccountsHarness } from './open-accounts.ts'

/**
 * Runs `statement` in a transaction of the superuser and commits it only when all of the operations wait for what it
 * locks: so they meet at exactly the moment that a race would need.
 */
export async function whileHeld<T>(
  accounts: AccountsHarness,
  statement: { text: string; values: readonly unknown[] },
  operations: readonly (() => Promise<T>)[],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: accounts.database.adminUrl })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query(statement.text, [...statement.values])
    const running = Promise.all(operations.map((operation) => operation()))
    // Should one fail before it comes to wait, it is this that says why.
    await Promise.race([running, untilWaiting(accounts, operations.length)])
    await client.query('COMMIT')
    return await running
  } finally {
    await client.end()
  }
}

/** Until so many wait for a lock that somebody else holds. */
export async function untilWaiting(accounts: AccountsHarness, count: number): Promise<void> {
  for (;;) {
    const [row] = await accounts.sql<{ waiting: number }>(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    if (row && row.waiting >= count) return
  }
}
