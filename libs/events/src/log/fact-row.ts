import type { Fact } from '../fact.ts'

/** A fact as `append_facts` and the reading statements return it. */
export interface FactRow {
  stream: string
  seq: bigint
  epoch: number
  type: string
  payload: unknown
  occurred_at: Date
  recorded_at: Date
  media_time_ms: number | null
}

export const toFact = (row: FactRow): Fact => ({
  stream: row.stream,
  seq: Number(row.seq),
  epoch: row.epoch,
  type: row.type,
  payload: row.payload,
  occurredAt: row.occurred_at,
  recordedAt: row.recorded_at,
  mediaTimeMs: row.media_time_ms,
})
