import type { Fact } from '../fact.ts'
import { type FactRow, toFact } from './fact-row.ts'
import type { LogDatabase } from './log-database.ts'

/** A place in the order in which feeds read all streams of a log: see `tx_id` in `stream-log.sql`. */
export interface FeedPosition {
  readonly txId: bigint
  readonly id: bigint
}

export interface FactPage {
  /** A position of another epoch means nothing any more. */
  readonly epoch: number
  readonly facts: readonly { readonly position: FeedPosition; readonly fact: Fact }[]
  /** How far retention has come. */
  readonly removed: FeedPosition
}

/** All facts of a log, page by page. Whoever reads on from the last position misses none and sees none twice. */
export interface FactPages {
  page(after: FeedPosition, limit: number): Promise<FactPage>
}

interface PageRow extends FactRow {
  log_epoch: number
  removed_tx_id: string
  removed_id: bigint
  tx_id: string | null
  id: bigint
}

export function createFactPages(db: Pick<LogDatabase, 'read'>): FactPages {
  return {
    async page(after, limit) {
      // Below the oldest transaction that still runs nothing can appear any more; above it something might, behind
      // what had been read already. The log's own row comes also when there is no fact.
      const rows = await db.read(
        (client) => client.$queryRaw<PageRow[]>`
          SELECT log.epoch AS log_epoch, log.removed_tx_id::text, log.removed_id, fact.*
          FROM stream_log AS log LEFT JOIN (
            SELECT fact.tx_id::text, fact.id, fact.stream, fact.seq, head.epoch, type, payload, occurred_at, recorded_at,
              media_time_ms
            FROM facts AS fact JOIN stream_heads AS head ON head.stream = fact.stream
            WHERE (fact.tx_id, fact.id) > (${after.txId.toString()}::xid8, ${after.id}::bigint)
              AND fact.tx_id < pg_snapshot_xmin(pg_current_snapshot())
            ORDER BY fact.tx_id, fact.id
            LIMIT ${limit}::int
          ) AS fact ON true
          ORDER BY fact.tx_id::xid8, fact.id`,
      )
      const [first] = rows
      if (first === undefined) throw new Error('stream_log has lost its row; insert it again')
      return {
        epoch: first.log_epoch,
        removed: { txId: BigInt(first.removed_tx_id), id: first.removed_id },
        facts: rows.flatMap((row) =>
          row.tx_id === null
            ? []
            : [{ position: { txId: BigInt(row.tx_id), id: row.id }, fact: toFact(row) }],
        ),
      }
    },
  }
}
