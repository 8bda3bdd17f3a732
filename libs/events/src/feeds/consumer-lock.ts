import type { Logger } from '@courtside/logger'
import pg from 'pg'
import type { Timers } from '../timers.ts'

/** The right to be the one consumer of a feed, for as long as the connection lives. */
export interface Lease {
  /** Whether it may still be there; once false, it stays so. */
  isHeld(): boolean
  release(): Promise<void>
}

export interface ConsumerLockOptions {
  /** Of the consumer's own database. Not through a pooler that shares sessions. */
  url: string
  feed: string
  log: Logger
  timers: Timers
  /** Called when the connection of a lease has ended. */
  onLost(): void
}

const TIMEOUT_MS = 5_000
/** The server notices within 25 s that a machine has gone without a word; by default that takes it two hours. */
const NOTICE_DEATH = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3'

/** Null when another session has it. Throws when the database cannot be asked. */
export async function tryToLease({
  url,
  feed,
  log,
  timers,
  onLost,
}: ConsumerLockOptions): Promise<Lease | null> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `courtside feed ${feed}`,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    keepAlive: true,
    options: NOTICE_DEATH,
  })
  let held = false
  const lost = (reason: string) => {
    if (!held) return
    held = false
    log.warn({ reason }, 'The connection that held the lock of a feed was lost')
    onLost()
  }
  client.on('error', ({ message }) => lost(message))
  client.on('end', () => lost('closed'))
  try {
    await client.connect()
    const { rows } = await client.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
      [`courtside feed ${feed}`],
    )
    held = rows[0]?.locked === true
  } finally {
    if (!held) await end(client, timers)
  }
  if (!held) return null
  return {
    isHeld: () => held,
    async release() {
      // The lock goes with its session, also when that has gone already.
      held = false
      await end(client, timers)
    },
  }
}

/** A peer that says nothing any more would never answer the goodbye either. */
async function end(client: pg.Client, timers: Timers): Promise<void> {
  const tooLate = Promise.withResolvers<void>()
  const cancel = timers.after(TIMEOUT_MS, tooLate.resolve)
  await Promise.race([client.end(), tooLate.promise])
  cancel()
}
