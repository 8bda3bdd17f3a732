import type { Entry } from './entry.ts'

/**
 * What a channel keeps of what it has sent. Entries are numbered 1, 2, 3… by the channel itself; whoever was sent all of
 * them stands at `end`.
 */
export interface Memory {
  readonly end: number
  readonly newest: Entry | null
  append(entries: readonly Entry[]): void
  /** Where a joiner with this cursor stands; -1 when that cannot be told from here. */
  startFor(after: string | null): number
  /** Where one stands who was sent everything up to this place; -1 when that cannot be told from here. */
  indexOf(epoch: number, seq: number): number
  /** What follows, at most a batch; null when it is not held any more. */
  stretchAfter(at: number): Stretch | null
  /** The cursor of an entry that is held, or of the one just before the first of them. */
  cursorAt(at: number): string | null
}

export interface Stretch {
  readonly entries: readonly Entry[]
  /** Where one stands who was sent them. */
  readonly through: number
}
