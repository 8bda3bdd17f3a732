import { type Clock, systemClock } from '@courtside/kernel'
import type { Fact } from '../fact.ts'
import { afterCommit } from './after-commit.ts'
import { type FactRow, toFact } from './fact-row.ts'
import type { LogDatabase, RawClient } from './log-database.ts'
import type { LogReader } from './log-reader.ts'
import { type NewFact, toEntryJson } from './new-fact.ts'
import { createLogReader } from './read-log.ts'
import { removeOldFacts, type RetentionPolicy } from './retention.ts'
import { versionConflict } from './version-conflict.ts'

export interface Appended {
  readonly fact: Fact
  /** Its key was there already: this is the fact of then, and nothing was written. */
  readonly duplicate: boolean
}

export interface StreamLog extends LogReader {
  /** In the caller's transaction and one round trip. Throws a version conflict when `expectedVersion` has passed. */
  append(tx: RawClient, fact: NewFact): Promise<Appended>
  /**
   * At most 500 in one round trip, for each stream in this order: all of them, or none when one of them conflicts.
   * The versions expected are those before the call.
   */
  appendAll(tx: RawClient, facts: readonly NewFact[]): Promise<readonly Appended[]>
  /** Removes what the policy no longer keeps; how many facts that were. */
  retain(policy: RetentionPolicy, signal?: AbortSignal): Promise<number>
}

export interface StreamLogOptions {
  db: LogDatabase
  /**
   * Told what has been committed; must not wait. The transactions then have to come from a database
   * `withAfterCommit`. Default: nobody is told, and readers notice by their sweep.
   */
  announce?(facts: readonly Fact[]): void
  clock?: Clock
}

/** Other writers of these streams wait meanwhile. */
const LARGEST_BLOCK = 500

export function createStreamLog({ db, announce, clock = systemClock }: StreamLogOptions): StreamLog {
  const appendAll = async (tx: RawClient, facts: readonly NewFact[]): Promise<readonly Appended[]> => {
    if (facts.length === 0) return []
    if (facts.length > LARGEST_BLOCK) throw new Error(`Append at most ${LARGEST_BLOCK} facts at once`)
    const rows = await tx.$queryRaw<AppendedRow[]>`
      SELECT * FROM append_facts(${`[${facts.map(toEntryJson).join()}]`}::jsonb) ORDER BY place`
    for (const row of rows) {
      if (row.outcome !== 'refused') continue
      const expected = facts[Number(row.place) - 1]?.expectedVersion ?? 0
      throw versionConflict(row.stream, expected, Number(row.seq))
    }
    const appended = rows.map((row) => ({ fact: toFact(row), duplicate: row.outcome === 'known' }))
    const fresh = appended.filter(({ duplicate }) => !duplicate).map(({ fact }) => fact)
    if (announce !== undefined && fresh.length > 0) afterCommit(tx, () => announce(fresh))
    return appended
  }
  return {
    ...createLogReader(db),
    appendAll,
    async append(tx, fact) {
      const [appended] = await appendAll(tx, [fact])
      if (appended === undefined) throw new Error('append_facts answered nothing for one fact')
      return appended
    },
    retain: (policy, signal) => removeOldFacts(db, policy, clock, signal),
  }
}

/**
 * After a restore that may have lost the end of the log, before anybody writes: cursors and feeds of before start anew.
 * Only the owner of the tables may.
 */
export async function bumpEpoch(owner: RawClient): Promise<number> {
  const [row] = await owner.$queryRaw<{ epoch: number }[]>`SELECT bump_stream_epoch() AS epoch`
  if (row === undefined) throw new Error('bump_stream_epoch answered nothing')
  return row.epoch
}

interface AppendedRow extends FactRow {
  /** The place of its entry in the call, from 1. */
  place: bigint
  outcome: 'appended' | 'known' | 'refused'
}
