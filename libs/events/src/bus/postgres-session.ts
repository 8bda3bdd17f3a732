import type { Logger } from '@courtside/logger'
import pg from 'pg'

export interface SessionOptions {
  /** Of the database itself or of a session pooler: LISTEN does not work through a transaction pooler. */
  url: string
  /** Shown in `pg_stat_activity`. */
  applicationName: string
  log: Logger
  /** On each new connection, before anybody else uses it. */
  prepare(client: pg.Client): Promise<void>
  onNotification(payload: string): void
  onUp(): void
  onDown(cause: unknown): void
}

/** One connection to Postgres that comes back for as long as it is wanted. */
export interface Session {
  /** Null while there is no connection. */
  readonly client: pg.Client | null
  close(): Promise<void>
}

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 2_000
/** A server that vanished without a word is found out after these two. */
const PING_EVERY_MS = 10_000
const ANSWER_WITHIN_MS = 5_000

export function keepSession(options: SessionOptions): Session {
  const { log, onUp, onDown } = options
  const closed = Promise.withResolvers<null>()
  let isClosed = false
  let client: pg.Client | null = null

  /** Ends with the connection. Tells why it ended, and whether it had ever been of use. */
  const useOneConnection = async (): Promise<{ wasUp: boolean; cause: unknown }> => {
    const lost = Promise.withResolvers<unknown>()
    const candidate = openClient(options, lost.resolve)
    const ping = setInterval(() => void candidate.query('SELECT 1').catch(lost.resolve), PING_EVERY_MS)
    let wasUp = false
    try {
      await candidate.connect()
      await options.prepare(candidate)
      if (isClosed) return { wasUp, cause: null }
      wasUp = true
      client = candidate
      onUp()
      return { wasUp, cause: await Promise.race([lost.promise, closed.promise]) }
    } catch (error) {
      return { wasUp, cause: error }
    } finally {
      client = null
      clearInterval(ping)
      await end(candidate)
    }
  }

  const keepConnected = async () => {
    let pauseMs = FIRST_PAUSE_MS
    let isSilent = false
    while (!isClosed) {
      const { wasUp, cause } = await useOneConnection()
      if (isClosed) return
      onDown(cause)
      if (wasUp) {
        pauseMs = FIRST_PAUSE_MS
        isSilent = false
      }
      // Once for each time that it is away. Its words only: the error carries the whole connection, secrets included.
      if (!isSilent)
        log.warn({ reason: wordsOf(cause) }, 'The bus has no connection to Postgres; it tries again')
      isSilent = true
      await pause(pauseMs * (0.5 + Math.random() / 2), closed.promise)
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
    }
  }
  const ended = keepConnected()

  return {
    get client() {
      return client
    },
    async close() {
      isClosed = true
      closed.resolve(null)
      await ended
    },
  }
}

function openClient(
  { url, applicationName, onNotification }: SessionOptions,
  onLost: (cause: unknown) => void,
) {
  const client = new pg.Client({
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
    keepAlive: true,
  })
  client.on('error', onLost)
  client.on('end', () => onLost(new Error('Postgres closed the connection')))
  client.on('notification', ({ payload = '' }) => onNotification(payload))
  return client
}

async function end(client: pg.Client): Promise<void> {
  // It fails when the connection is gone already, which is all that is wanted.
  await client.end().catch(() => {})
}

async function pause(milliseconds: number, unless: Promise<unknown>): Promise<void> {
  const over = Promise.withResolvers<void>()
  const timer = setTimeout(over.resolve, milliseconds)
  await Promise.race([over.promise, unless])
  clearTimeout(timer)
}

const wordsOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))
