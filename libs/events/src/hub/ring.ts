import type { Fact } from '../fact.ts'

export const RING_SIZE = 256

/** The last facts of a stream without a hole: whoever is not far behind needs no log. */
export interface Ring {
  /** The next fact. */
  push(fact: Fact): void
  /** Facts from the log that lie before the oldest one here. Takes what adjoins and has room. */
  prepend(facts: readonly Fact[]): void
  /** The facts after `seq`, at most so many; null when it does not reach back that far. */
  after(seq: number, most: number): Fact[] | null
  /** Empties it; the next fact will be `seq` + 1. */
  startAfter(seq: number): void
}

export function createRing(): Ring {
  let slots: Fact[] = []
  let first = 1
  let last = 0

  return {
    push(fact) {
      last = fact.seq
      slots[last % RING_SIZE] = fact
      if (last - first >= RING_SIZE) first = last - RING_SIZE + 1
    },
    prepend(facts) {
      for (const fact of facts.toReversed()) {
        if (fact.seq !== first - 1) continue
        if (last - fact.seq >= RING_SIZE) return
        slots[fact.seq % RING_SIZE] = fact
        first = fact.seq
      }
    },
    after(seq, most) {
      if (seq + 1 < first) return null
      const facts: Fact[] = []
      for (let next = seq + 1; next <= last && facts.length < most; next += 1) {
        // Every slot from the first to the last fact has been filled.
        facts.push(slots[next % RING_SIZE] as Fact)
      }
      return facts
    },
    startAfter(seq) {
      slots = []
      first = seq + 1
      last = seq
    },
  }
}
