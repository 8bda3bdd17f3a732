import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { withConnection } from './connection.ts'

const LOOK_EVERY_MS = 100

/**
 * One at a time in a database, over all processes; the lock goes with the connection, however that ends. Polls,
 * because a session that waits inside pg_advisory_lock() holds a snapshot, and CREATE INDEX CONCURRENTLY in the
 * session it waits for would wait for that snapshot: a deadlock.
 */
export function exclusively<T>(
  url: string,
  purpose: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  return withConnection(url, async (client) => {
    while (!(await tryLock(client, purpose))) await delay(LOOK_EVERY_MS)
    return work(client)
  })
}

async function tryLock(client: pg.Client, purpose: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked`,
    [`courtside ${purpose}`],
  )
  return rows[0]?.locked === true
}
