import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  SqlQueryable,
  Transaction,
} from '@prisma/driver-adapter-utils'

/** Told when a statement has been answered, or why not. */
export interface StatementWatch {
  fail(error: unknown): void
  end(): void
}

/**
 * Asked for each statement as it is sent, in the asynchronous context of whoever sends it; null for one that nobody
 * watches. The text has placeholders where values are.
 */
export type WatchStatement = (sql: string) => StatementWatch | null

/**
 * The same adapter, watched. It stands between Prisma and the driver because a statement has left its caller's context
 * once it waits for a connection: there it would be told to whoever gives one back. BEGIN is not told.
 */
export function watchStatements(
  factory: SqlDriverAdapterFactory,
  watch: WatchStatement,
): SqlDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => watchedAdapter(await factory.connect(), watch),
  }
}

function watchedAdapter(adapter: SqlDriverAdapter, watch: WatchStatement): SqlDriverAdapter {
  return {
    ...watchedQueries(adapter, watch),
    executeScript: (script) => adapter.executeScript(script),
    startTransaction: async (isolation) =>
      watchedTransaction(await adapter.startTransaction(isolation), watch),
    ...(adapter.getConnectionInfo && { getConnectionInfo: () => adapter.getConnectionInfo!() }),
    dispose: () => adapter.dispose(),
  }
}

function watchedTransaction(transaction: Transaction, watch: WatchStatement): Transaction {
  const { createSavepoint, rollbackToSavepoint, releaseSavepoint } = transaction
  return {
    ...watchedQueries(transaction, watch),
    options: transaction.options,
    commit: () => transaction.commit(),
    rollback: () => transaction.rollback(),
    ...(createSavepoint && { createSavepoint: (name) => createSavepoint.call(transaction, name) }),
    ...(rollbackToSavepoint && {
      rollbackToSavepoint: (name) => rollbackToSavepoint.call(transaction, name),
    }),
    ...(releaseSavepoint && { releaseSavepoint: (name) => releaseSavepoint.call(transaction, name) }),
  }
}

function watchedQueries(queryable: SqlQueryable, watch: WatchStatement): SqlQueryable {
  const send = <Result>(query: SqlQuery, work: () => Promise<Result>): Promise<Result> => {
    const watched = watch(query.sql)
    return watched === null ? work() : untilAnswered(watched, work)
  }
  return {
    provider: queryable.provider,
    adapterName: queryable.adapterName,
    queryRaw: (query) => send(query, () => queryable.queryRaw(query)),
    executeRaw: (query) => send(query, () => queryable.executeRaw(query)),
  }
}

async function untilAnswered<Result>(watched: StatementWatch, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    watched.fail(error)
    throw error
  } finally {
    watched.end()
  }
}
