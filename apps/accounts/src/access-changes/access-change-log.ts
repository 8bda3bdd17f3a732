import { randomUUID } from 'node:crypto'
import type { StreamLog } from '@courtside/events'
import type { Clock } from '@courtside/kernel'
import type { Tx } from '../db.ts'
import type { AccessChange } from './access-change.ts'

/** One stream for everybody: whoever holds connections open follows it as a whole. */
export const ACCESS_STREAM = 'access:all'
const TYPE = 'access-changed'
/** What one call appends; an owner of more keys than that needs several. */
const AT_ONCE = 500

/**
 * Tells those who hold connections open, in the transaction of the change: both happen, or neither. Told last of all
 * that the transaction does, because every other change of access waits until it ends.
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
    const facts = changes.map((payload) => ({
      stream: ACCESS_STREAM,
      key: randomUUID(),
      type: TYPE,
      payload,
      occurredAt,
    }))
    for (let from = 0; from < facts.length; from += AT_ONCE) {
      await log.appendAll(tx, facts.slice(from, from + AT_ONCE))
    }
  }
}
