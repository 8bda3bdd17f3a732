import { createHash } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'

export interface PoolOptions {
  /** Shown in `pg_stat_activity`. */
  applicationName: string
  /** Default: 10. */
  connections?: number
}

const CONNECT_TIMEOUT_MS = 5_000
const IDLE_TIMEOUT_MS = 30_000
/** A statement that takes longer is a fault of ours; it must not hold a connection of everybody else's. */
const STATEMENT_TIMEOUT_MS = 5_000
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000
const LOCK_TIMEOUT_MS = 3_000
/** For a server that says nothing at all any more: a little longer than it may take by itself. */
const SILENCE_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 1_000

/** Each distinct text stays prepared in every connection, so their number is bounded. */
const MOST_NAMED_STATEMENTS = 500

export function openPool(connectionString: string, options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: options.connections ?? 10,
    application_name: options.applicationName,
    // Prisma writes times as UTC without saying so; in a session of another zone each would be off by hours.
    options: '-c TimeZone=UTC',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    query_timeout: SILENCE_TIMEOUT_MS,
    keepAlive: true,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  })
  // A server that goes away may say so on a connection that nobody listens to at that moment: just opened, or given
  // up. Whoever uses it is told by their next statement; unheard, it would end the process.
  pool.on('connect', (client) => void client.on('error', () => {}))
  return pool
}

/** Prisma on our own pool, with named statements so that Postgres keeps their plans. */
export function prismaAdapter(pool: pg.Pool): PrismaPg {
  const names = new Map<string, string>()
  return new PrismaPg(pool, {
    statementNameGenerator: ({ sql }) => {
      // An IN list's length changes the text, so each length would be a statement of its own.
      if (sql.includes(' IN (')) return ''
      const known = names.get(sql)
      if (known !== undefined) return known
      if (names.size >= MOST_NAMED_STATEMENTS) return ''
      const name = `p${createHash('sha1').update(sql).digest('base64url').slice(0, 20)}`
      names.set(sql, name)
      return name
    },
  })
}
