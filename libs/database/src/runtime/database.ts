import type { Logger } from '@courtside/logger'
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { openPool, type PoolOptions, prismaAdapter } from './pool.ts'
import { isSerializationFailure, toDomainError } from './errors.ts'
import { type WatchStatement, watchStatements } from './watched-statements.ts'

/**
 * On whose behalf a transaction touches rows that belong to people. Row-level security shows a person its own rows,
 * and everybody else none. The system actor sees all: for work that happens before anybody is known (sign-in), for
 * jobs, and for privileged operations whose scope was checked.
 */
export type Actor = { readonly userId: string } | typeof systemActor

export const systemActor = Symbol('system actor')

/** What every generated Prisma client has, as far as this library uses it. */
interface Client {
  /** Overloaded there: a function, or a list of queries. `never` fits both. */
  $transaction(work: never, options?: { maxWait?: number; timeout?: number }): Promise<unknown>
  $disconnect(): Promise<void>
}

interface RawExecutor {
  $executeRaw(query: TemplateStringsArray, ...values: unknown[]): Promise<number>
}

export interface OpenDatabaseOptions<C extends Client> extends PoolOptions {
  url: string
  /** Makes the generated client: `(adapter) => new PrismaClient({ adapter })`. */
  createClient(adapter: SqlDriverAdapterFactory): C
  log: Logger
  /** Default: nobody watches. */
  watchStatement?: WatchStatement
}

/** One subgraph's database. `Tx` is the generated client's `Prisma.TransactionClient`. */
export interface Database<C, Tx> {
  /** Single statements on tables that belong to nobody in particular. */
  read<T>(work: (client: C) => Promise<T>): Promise<T>
  /** All or nothing. Repeated when Postgres asks for it, so `work` must do nothing outside the database. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** A transaction under row-level security, on behalf of `actor`. */
  as<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T>
  /** Throws when the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

const TRANSACTION_LIMIT_MS = 10_000
const WAIT_FOR_CONNECTION_MS = 5_000
const ATTEMPTS = 3
/** A database that takes longer for nothing at all cannot be worked with. */
const PING_LIMIT_MS = 2_000

export function openDatabase<C extends Client, Tx extends RawExecutor>(
  options: OpenDatabaseOptions<C>,
): Database<C, Tx> {
  const pool = openPool(options.url, options)
  // The pool replaces an idle connection that the server cut at its next use; unheard, the error would end the process.
  // Its words only: the error carries the whole connection, secrets included.
  pool.on('error', ({ message }) =>
    options.log.warn({ reason: message }, 'Postgres closed an idle connection'),
  )
  const adapter = prismaAdapter(pool)
  const { watchStatement } = options
  const client = options.createClient(watchStatement ? watchStatements(adapter, watchStatement) : adapter)

  const transaction = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await client.$transaction(work as never, {
          maxWait: WAIT_FOR_CONNECTION_MS,
          timeout: TRANSACTION_LIMIT_MS,
        })) as T
      } catch (error) {
        if (attempt < ATTEMPTS && isSerializationFailure(error)) continue
        throw toDomainError(error)
      }
    }
  }

  /** One at a time: probes of a server that hangs must not fill the pool. */
  let pinging: Promise<void> | undefined

  return {
    async read(work) {
      try {
        return await work(client)
      } catch (error) {
        throw toDomainError(error)
      }
    },
    transaction,
    as: (actor, work) =>
      transaction(async (tx) => {
        // Transaction-local (`true`): a pooled connection must never carry one caller's identity to the next.
        if (actor === systemActor) await tx.$executeRaw`SELECT set_config('app.system', 'on', true)`
        else await tx.$executeRaw`SELECT set_config('app.user_id', ${actor.userId}, true)`
        return work(tx)
      }),
    ping: () => (pinging ??= withinLimit(pool.query('SELECT 1')).finally(() => (pinging = undefined))),
    async close() {
      await client.$disconnect()
      await pool.end()
    },
  }
}

async function withinLimit(query: Promise<unknown>): Promise<void> {
  const tooLate = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => tooLate.reject(new Error(`The database took longer than ${PING_LIMIT_MS} ms for nothing at all`)),
    PING_LIMIT_MS,
  )
  try {
    await Promise.race([query, tooLate.promise])
  } finally {
    clearTimeout(timer)
  }
}
