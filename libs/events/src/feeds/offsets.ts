import type { FeedPosition, RawClient } from '../log/index.ts'

/** How far a feed has come, as its own database says. */
export interface FeedOffset {
  readonly epoch: number
  readonly position: FeedPosition
  /** What retention had removed when the feed began, or when that it had missed something was told. */
  readonly begunAt: FeedPosition
}

export const BEGINNING: FeedPosition = { txId: 0n, id: 0n }

export const isSame = (one: FeedPosition, other: FeedPosition) =>
  one.txId === other.txId && one.id === other.id

export const isBefore = (one: FeedPosition, other: FeedPosition) =>
  one.txId < other.txId || (one.txId === other.txId && one.id < other.id)

/** Another consumer has moved the offset since: what this transaction would do has been done. */
export class OffsetMoved extends Error {
  override readonly name = 'OffsetMoved'
}

interface OffsetRow {
  epoch: number
  tx_id: bigint
  fact_id: bigint
  begun_tx_id: bigint
  begun_fact_id: bigint
}

/** The feed's offset, which nobody else changes until the transaction ends. Null for a feed that has not begun. */
export async function lockOffset(tx: RawClient, feed: string): Promise<FeedOffset | null> {
  const [row] = await tx.$queryRaw<OffsetRow[]>`
    SELECT epoch, tx_id, fact_id, begun_tx_id, begun_fact_id FROM feed_offsets WHERE feed = ${feed} FOR UPDATE`
  if (row === undefined) return null
  return {
    epoch: row.epoch,
    position: { txId: row.tx_id, id: row.fact_id },
    begunAt: { txId: row.begun_tx_id, id: row.begun_fact_id },
  }
}

/** Where nobody has begun meanwhile. */
export async function insertOffset(tx: RawClient, feed: string, offset: FeedOffset): Promise<void> {
  const { epoch, position, begunAt } = offset
  await tx.$queryRaw`
    INSERT INTO feed_offsets (feed, epoch, tx_id, fact_id, begun_tx_id, begun_fact_id)
    VALUES (${feed}, ${epoch}::int, ${position.txId}::bigint, ${position.id}::bigint, ${begunAt.txId}::bigint,
      ${begunAt.id}::bigint)
    ON CONFLICT DO NOTHING`
}

/** Goes on only from `expected`: the lock on the session may be lost without notice, this row cannot. */
export async function lockOffsetAt(tx: RawClient, feed: string, expected: FeedOffset): Promise<void> {
  const offset = await lockOffset(tx, feed)
  if (offset?.epoch === expected.epoch && isSame(offset.position, expected.position)) return
  throw new OffsetMoved(`The feed ${feed} is no longer where this consumer left it`)
}

export async function saveOffset(tx: RawClient, feed: string, offset: FeedOffset): Promise<void> {
  const { epoch, position, begunAt } = offset
  await tx.$queryRaw`
    UPDATE feed_offsets
    SET epoch = ${epoch}::int, tx_id = ${position.txId}::bigint, fact_id = ${position.id}::bigint,
      begun_tx_id = ${begunAt.txId}::bigint, begun_fact_id = ${begunAt.id}::bigint, updated_at = clock_timestamp()
    WHERE feed = ${feed}`
}
