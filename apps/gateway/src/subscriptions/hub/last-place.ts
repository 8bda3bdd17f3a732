import type { EventMark } from '@courtside/subgraph'
import type { EntryPlace } from './entry.ts'

type Place = Extract<EventMark, { kind: 'place' }>

/**
 * - `next`: it follows, or begins anew as only a snapshot may;
 * - `known`: it was taken already;
 * - `jump`: something is missing before it.
 */
export type Verdict = 'next' | 'known' | 'jump'

/** How far a log was taken. */
export class LastPlace implements EntryPlace {
  epoch = -1
  seq = -1
  /** To go on from. */
  cursor: string | null

  constructor(after: string | null) {
    this.cursor = after
  }

  judge({ epoch, seq, snapshot }: Place): Verdict {
    if (this.seq < 0) return 'next'
    const isSameEpoch = epoch === this.epoch
    // A snapshot of the same place tells nothing new; one of an earlier place says that the log went back.
    if (isSameEpoch && (snapshot ? seq === this.seq : seq <= this.seq)) return 'known'
    // A log without facts has no epoch yet; its first fact gives it one.
    const follows = seq === this.seq + 1 && (isSameEpoch || this.seq === 0)
    return snapshot || follows ? 'next' : 'jump'
  }

  moveTo({ epoch, seq, cursor }: EntryPlace): void {
    this.epoch = epoch
    this.seq = seq
    this.cursor = cursor
  }
}
