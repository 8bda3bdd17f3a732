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
  readonly name: string
  total: number
  readonly topics: Map<string, Counted>
}

interface Counted {
  readonly topic: string
  readonly weight: number
  places: number
}

export function createStandingDemand(limits: StandingLimits): StandingDemand {
  const holders = new Map<string, OfHolder>()
  const forget = ({ name }: OfHolder) => holders.delete(name)

  return {
    enter({ kind, id }, topic, cost) {
      const name = `${kind}:${id}`
      const weight = cost + UPKEEP
      const limit = limits[kind]
      let holder = holders.get(name)
      // One alone is what an operation may cost, which has been looked at.
      if (holder && !holder.topics.has(topic) && holder.total + weight > limit) throw tooMany(limit)
      if (!holder) holders.set(name, (holder = { name, total: 0, topics: new Map() }))
      return new CountedPlace(holder, topic, weight, forget)
    },
  }
}

/** One of many thousands: names stand in what is counted, once for all that are equal. */
class CountedPlace implements StandingPlace {
  readonly #holder: OfHolder
  readonly #onEmpty: (holder: OfHolder) => void
  #counted: Counted

  constructor(holder: OfHolder, topic: string, weight: number, onEmpty: (holder: OfHolder) => void) {
    this.#holder = holder
    this.#onEmpty = onEmpty
    this.#counted = add(holder, topic, weight)
  }

  moveTo(topic: string): void {
    const former = this.#counted
    this.#counted = add(this.#holder, topic, former.weight)
    remove(this.#holder, former)
  }

  leave(): void {
    remove(this.#holder, this.#counted)
    if (this.#holder.topics.size === 0) this.#onEmpty(this.#holder)
  }
}

function add(holder: OfHolder, topic: string, weight: number): Counted {
  const known = holder.topics.get(topic)
  if (known) {
    known.places += 1
    return known
  }
  const counted = { topic, weight, places: 1 }
  holder.topics.set(topic, counted)
  holder.total += weight
  return counted
}

function remove(holder: OfHolder, counted: Counted): void {
  counted.places -= 1
  if (counted.places > 0) return
  holder.topics.delete(counted.topic)
  holder.total -= counted.weight
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
