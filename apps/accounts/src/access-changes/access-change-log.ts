import { randomUUID } from 'node:crypto'
import type { StreamLog } from '@courtside/events'
import type { Clock } from '@courtside/kernel'
import type { Tx } from '../db.ts'
import { type AccessChange, toStoredChange } from './access-change.ts'

/** One stream for everybody: whoever holds connections open follows it as a whole. */
export const ACCESS_STREAM = 'access:all'
const TYPE = 'access-changed'
/** What one call appends; an owner of more keys than that needs several. */
const AT_ONCE = 500

/**
 * Tells those who hold connections open, in the transaction of the change: both happen, or neither. Told when all rows
 * are changed, because every other change of access waits from then on until the transaction ends; and before the audit
 * log, whose lock comes last everywhere.
 */
export type TellAccessChanges = (tx: Tx, changes: readonly AccessChange[]) => Promise<void>

export function createAccessChangeTeller({
  log,
  clock,
}: {
  log: Pick<StreamLog, 'appendAll'>
  clock: Clock
}): TellAccessChanges {
  return async (tx, changes) => {
    const occurredAt = clock.now()
    const facts = changes.map((change) => ({
      stream: ACCESS_STREAM,
      key: randomUUID(),
      type: TYPE,
      payload: toStoredChange(change),
      occurredAt,
    }))
    for (let from = 0; from < facts.length; from += AT_ONCE) {
      await log.appendAll(tx, facts.slice(from, from + AT_ONCE))
    }
  }
}
