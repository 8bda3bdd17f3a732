import type { Fact } from '../fact.ts'

const MOST_EARLY = 1_000

/** Facts that came before the ones in front of them. Those beyond its bound are read from the log like any that is missing. */
export interface EarlyFacts {
  put(fact: Fact): void
  /** Takes out those that follow `seq` without a hole, and forgets all up to them. */
  takeAfter(seq: number): Fact[]
  clear(): void
}

export function createEarlyFacts(): EarlyFacts {
  const facts = new Map<number, Fact>()
  return {
    put(fact) {
      if (facts.size < MOST_EARLY) facts.set(fact.seq, fact)
    },
    takeAfter(seq) {
      if (facts.size === 0) return []
      const next: Fact[] = []
      let last = seq
      for (let fact = facts.get(last + 1); fact; fact = facts.get(last + 1)) {
        next.push(fact)
        last = fact.seq
      }
      for (const early of facts.keys()) if (early <= last) facts.delete(early)
      return next
    },
    clear: () => facts.clear(),
  }
}
