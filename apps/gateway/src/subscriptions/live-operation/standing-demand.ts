import { RequestRefusal } from '../../errors/index.ts'
import type { BudgetHolder, HolderKind } from '../../limits/index.ts'

/**
 * What the different subscriptions of one holder may cost together. A request is charged once; a subscription costs
 * each time that something happens, for as long as it is open, and whoever opens many that differ in a little makes
 * one event thousands.
 */
export type StandingLimits = Readonly<Record<HolderKind, number>>

export const DEFAULT_STANDING_LIMITS: StandingLimits = { address: 50_000, person: 50_000, partner: 250_000 }

/** What a different one costs beside what it asks for: an upstream, a memory, and an event of its own. */
const UPKEEP = 100
const RETRY_AFTER_SECONDS = 5

export interface StandingDemand {
  /** Counts a subscription; what is equal to one that the holder has counts nothing more. Throws the refusal. */
  enter(holder: BudgetHolder, topic: string, cost: number): StandingPlace
}

export interface StandingPlace {
  /** It goes on as another one, which is not its holder's doing: nothing is refused. */
  moveTo(topic: string): void
  leave(): void
}

interface OfHolder {
  total: number
  readonly topics: Map<string, { readonly weight: number; places: number }>
}

export function createStandingDemand(limits: StandingLimits): StandingDemand {
  const holders = new Map<string, OfHolder>()

  const add = (name: string, topic: string, weight: number) => {
    let holder = holders.get(name)
    if (!holder) holders.set(name, (holder = { total: 0, topics: new Map() }))
    const known = holder.topics.get(topic)
    if (known) {
      known.places += 1
      return
    }
    holder.topics.set(topic, { weight, places: 1 })
    holder.total += weight
  }
  const remove = (name: string, topic: string) => {
    const holder = holders.get(name)
    const known = holder?.topics.get(topic)
    if (!holder || !known) return
    known.places -= 1
    if (known.places > 0) return
    holder.topics.delete(topic)
    holder.total -= known.weight
    if (holder.topics.size === 0) holders.delete(name)
  }

  return {
    enter({ kind, id }, entered, cost) {
      const name = `${kind}:${id}`
      const weight = cost + UPKEEP
      const holder = holders.get(name)
      const limit = limits[kind]
      // One alone is what an operation may cost, which has been looked at.
      if (holder && !holder.topics.has(entered) && holder.total + weight > limit) throw tooMany(limit)
      let topic = entered
      add(name, topic, weight)
      return {
        moveTo(next) {
          add(name, next, weight)
          remove(name, topic)
          topic = next
        },
        leave: () => remove(name, topic),
      }
    },
  }
}

function tooMany(limit: number): RequestRefusal {
  const message = `Your different subscriptions would cost more than ${limit} together, each counted with ${UPKEEP}. End some, or send equal ones: the same text and variables count once.`
  return new RequestRefusal(
    429,
    [{ message, extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', retryable: true } }],
    {
      'retry-after': String(RETRY_AFTER_SECONDS),
    },
  )
}
