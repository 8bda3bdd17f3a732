import type { Database } from '@courtside/database'
import type { Logger } from '@courtside/logger'

type Hook = () => void

const hooksOf = new WeakMap<object, Hook[]>()

/**
 * The same database, which after each commit does what `afterCommit` was told in that transaction. Nothing is done for
 * one that was rolled back, nor for an attempt that Postgres had repeated.
 */
export function withAfterCommit<Client, Tx extends object>(
  database: Database<Client, Tx>,
  log: Logger,
): Database<Client, Tx> {
  const hooked = async <Result>(
    transact: (work: (tx: Tx) => Promise<Result>) => Promise<Result>,
    work: (tx: Tx) => Promise<Result>,
  ): Promise<Result> => {
    let hooks: Hook[] = []
    const result = await transact((tx) => {
      hooks = []
      hooksOf.set(tx, hooks)
      return work(tx)
    })
    for (const hook of hooks) run(hook, log)
    return result
  }
  return {
    ...database,
    transaction: (work) => hooked((hookedWork) => database.transaction(hookedWork), work),
    as: (actor, work) => hooked((hookedWork) => database.as(actor, hookedWork), work),
  }
}

/** Does this once `tx` has been committed, in the order in which it was told. */
export function afterCommit(tx: object, hook: Hook): void {
  const hooks = hooksOf.get(tx)
  if (hooks === undefined) {
    throw new Error(
      'Nobody would notice the commit of this transaction. Open the database withAfterCommit().',
    )
  }
  hooks.push(hook)
}

/** What was committed has succeeded, whatever becomes of its hooks. */
function run(hook: Hook, log: Logger): void {
  try {
    hook()
  } catch (error) {
    log.error({ err: error }, 'What was to be done after a commit failed')
  }
}
