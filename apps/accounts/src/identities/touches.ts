import { systemActor } from '@courtside/database'
import type { Logger } from '@courtside/logger'
import type { Database, Tx } from '../db.ts'

/** Notes that something was used, after the answer: it must neither delay nor fail one. */
export interface Touches {
  add(work: (tx: Tx) => Promise<void>): void
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
}

/** When the database is that far behind, a note of a minute is not worth a connection. */
const MOST_UNDER_WAY = 50

export function createTouches({ db, log }: { db: Database; log: Logger }): Touches {
  const underWay = new Set<Promise<void>>()
  return {
    add(work) {
      if (underWay.size >= MOST_UNDER_WAY) return
      const touch = db
        .as(systemActor, work)
        .catch((error: unknown) => log.warn({ err: error }, 'The last use could not be noted'))
        .finally(() => underWay.delete(touch))
      underWay.add(touch)
    },
    async settled() {
      await Promise.all(underWay)
    },
  }
}
