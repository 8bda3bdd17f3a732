import { systemActor } from '@courtside/database'
import type { Metrics } from '@courtside/http'
import type { Clock } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import { tryLockName } from '../advisory-lock.ts'
import type { Database, Tx } from '../db.ts'
import { removals } from './clean-up.repository.ts'
import { type CutOffs, cutOffsAt } from './retention.policy.ts'
import { supersededFollows } from './superseded-follows.ts'

export interface CleanUpDependencies {
  db: Database
  clock: Clock
  log: Logger
  metrics?: Metrics | undefined
}

/** Removes what has ended, until nothing is left or `signal` says to stop; tells how many rows of each table. */
export type CleanUp = (signal: AbortSignal) => Promise<Readonly<Record<string, number>>>

export function createCleanUp({ db, clock, log, metrics }: CleanUpDependencies): CleanUp {
  const removed = metrics?.counter(
    'courtside_accounts_clean_up_rows_total',
    'Rows removed because they had ended, by table',
    ['table'],
  )

  return async (signal) => {
    const counts: Record<string, number> = {}
    for await (const { table, remove } of everythingEnded(db, cutOffsAt(clock.now()))) {
      let count: number
      do {
        if (signal.aborted) return counts
        const batch = await db.as(systemActor, async (tx) =>
          // Of several processes one removes; the others leave it to that one.
          (await tryLockName(tx, 'clean-up')) ? remove(tx) : null,
        )
        if (batch === null) return counts
        count = batch
        counts[table] = (counts[table] ?? 0) + count
        removed?.inc({ table }, count)
      } while (count > 0)
    }
    log.info({ rows: counts }, 'Removed what has ended')
    return counts
  }
}

async function* everythingEnded(db: Database, cutOffs: CutOffs) {
  for (const [table, remove] of Object.entries(removals)) {
    yield { table, remove: (tx: Tx) => remove(tx, cutOffs) }
  }
  for await (const remove of supersededFollows(db, cutOffs.followsSuperseded))
    yield { table: 'facts', remove }
}
