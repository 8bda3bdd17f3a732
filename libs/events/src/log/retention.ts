import type { Clock } from '@courtside/kernel'
import type { LogDatabase } from './log-database.ts'

export interface RetentionPolicy {
  /** The kind of streams: what stands before the colon of their names. */
  readonly kind: string
  /** Facts recorded longer ago than this are removed. It must be longer than any feed may lag. */
  readonly keepMs: number
}

const STREAMS_A_LOOK = 500
/** A stream's writers wait for as long as a removal takes. */
const FACTS_A_REMOVAL = 200

/**
 * Removes what the policy no longer keeps, each stream by itself in short transactions, and says how many facts that
 * were. A stream keeps its head, so numbers are never given again.
 */
export async function removeOldFacts(
  db: LogDatabase,
  { kind, keepMs }: RetentionPolicy,
  clock: Clock,
  signal?: AbortSignal,
): Promise<number> {
  const before = new Date(clock.now().getTime() - keepMs)
  let removed = 0
  let after = `${kind}:`
  while (!signal?.aborted) {
    const streams = await streamsWithOldFacts(db, kind, after, before)
    for (const stream of streams) removed += await removeFrom(db, stream, before, signal)
    const last = streams.at(-1)
    if (last === undefined || streams.length < STREAMS_A_LOOK) break
    after = last
  }
  return removed
}

async function streamsWithOldFacts(
  db: LogDatabase,
  kind: string,
  after: string,
  before: Date,
): Promise<string[]> {
  const rows = await db.read(
    // `;` follows `:` in the order of bytes, in which streams are compared.
    (client) => client.$queryRaw<{ stream: string }[]>`
      SELECT head.stream
      FROM stream_heads AS head JOIN facts AS oldest ON oldest.stream = head.stream AND oldest.seq = head.floor + 1
      WHERE head.stream > ${after} AND head.stream < ${`${kind};`} AND oldest.recorded_at < ${before}
      ORDER BY head.stream
      LIMIT ${STREAMS_A_LOOK}::int`,
  )
  return rows.map(({ stream }) => stream)
}

async function removeFrom(
  db: LogDatabase,
  stream: string,
  before: Date,
  signal: AbortSignal | undefined,
): Promise<number> {
  let all = 0
  while (!signal?.aborted) {
    const [row] = await db.transaction(
      (tx) => tx.$queryRaw<{ removed: number }[]>`
        SELECT remove_facts(${stream}, ${before}::timestamptz, ${FACTS_A_REMOVAL}::int) AS removed`,
    )
    const removed = row?.removed ?? 0
    all += removed
    if (removed < FACTS_A_REMOVAL) break
  }
  return all
}
