import type { Place } from '@courtside/events'

/** How far a stream has come, by its name; without those that have no fact. */
export type Heads = ReadonlyMap<string, Pick<Place, 'epoch' | 'seq'>>

/** What a statement reads of the head of a stream beside something else; without a head there are nulls. */
export interface HeadRow {
  stream: string | null
  epoch: number | null
  seq: bigint | null
}

export function toHeads(rows: readonly HeadRow[]): Heads {
  const heads = new Map<string, Pick<Place, 'epoch' | 'seq'>>()
  for (const { stream, epoch, seq } of rows) {
    if (stream !== null && epoch !== null) heads.set(stream, { epoch, seq: Number(seq) })
  }
  return heads
}
