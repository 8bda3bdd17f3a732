import type { Rewrite } from '../../topology/index.ts'
import type { SeededRandom } from '../seeded-random.ts'
import { createReplySplitter, carriesHints } from './redis-replies.ts'

/** How often each happens to a message, from 0 to 1. */
export interface BusFaults {
  dropped: number
  doubled: number
  /** Held back until the next message has passed. */
  reordered: number
}

/** What has happened so far. */
export interface BusFigures {
  passed: number
  dropped: number
  doubled: number
  reordered: number
}

export interface UnreliableBus {
  readonly figures: Readonly<BusFigures>
  /** Default: nothing goes wrong. */
  set(faults: BusFaults): void
  /** For one connection to Redis. All but hints always passes. */
  rewrite(): Rewrite
}

export const RELIABLE: BusFaults = { dropped: 0, doubled: 0, reordered: 0 }
/** No hint arrives, and nobody notices. */
export const DEAF: BusFaults = { dropped: 1, doubled: 0, reordered: 0 }

export function createUnreliableBus(random: SeededRandom): UnreliableBus {
  const figures: BusFigures = { passed: 0, dropped: 0, doubled: 0, reordered: 0 }
  let faults = RELIABLE

  const deliver = (message: Buffer, held: Buffer[]): Buffer[] => {
    figures.passed++
    const chance = random.fraction()
    const { dropped, doubled, reordered } = faults
    if (chance < dropped) {
      figures.dropped++
      return []
    }
    if (chance < dropped + doubled) {
      figures.doubled++
      return [message, ...held.splice(0), message]
    }
    if (chance < dropped + doubled + reordered) {
      figures.reordered++
      held.push(message)
      return []
    }
    return [message, ...held.splice(0)]
  }

  return {
    figures,
    set: (next) => void (faults = next),
    rewrite() {
      const split = createReplySplitter()
      const held: Buffer[] = []
      return (bytes) =>
        Buffer.concat(split(bytes).flatMap((reply) => (carriesHints(reply) ? deliver(reply, held) : [reply])))
    },
  }
}
