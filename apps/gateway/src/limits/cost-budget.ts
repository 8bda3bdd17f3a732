import { DomainError } from '@courtside/kernel'
import type { BudgetHolder, HolderKind } from './budget-holder.ts'
import { costLimitExceeded } from './demand/index.ts'
import type { Limits } from './limits.ts'
import type { RateLimiter, Taken } from './rate-limiter.ts'

/** What an operation was charged. Shown as `extensions.cost` to who asks. */
export interface Charge {
  readonly requested: number
  /** The most that one operation of this caller may cost. */
  readonly limit: number
  readonly perMinute: number
  /** What this caller may spend at once from now on. */
  readonly remaining: number
}

export interface CostBudget {
  /**
   * Takes the cost of an operation from what its caller may spend in a minute. `ownPerMinute` is what a partner's key
   * carries itself. Throws `RATE_LIMITED`, or `COST_LIMIT_EXCEEDED` for what no waiting would allow.
   */
  charge(holder: BudgetHolder, cost: number, ownPerMinute: number | null): Charge | Promise<Charge>
}

export interface CostBudgetOptions {
  rateLimiter: RateLimiter
  limits: Pick<Limits, 'cost' | 'costPerMinute'>
  onLimited(kind: HolderKind): void
}

/** Asks for `extensions.cost` with the value 1. */
export const COST_HEADER = 'x-courtside-cost'

export function wantsCost(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  return headers[COST_HEADER] === '1'
}

export function createCostBudget({ rateLimiter, limits, onLimited }: CostBudgetOptions): CostBudget {
  return {
    charge(holder, cost, ownPerMinute) {
      const { kind, id } = holder
      const perMinute = (kind === 'partner' ? ownPerMinute : null) ?? limits.costPerMinute[kind]
      if (cost > perMinute) throw costLimitExceeded(cost, perMinute)
      const toCharge = (taken: Taken): Charge => {
        const { remaining } = taken
        if (taken.allowed) {
          return { requested: cost, limit: Math.min(limits.cost, perMinute), perMinute, remaining }
        }
        onLimited(kind)
        throw spent(cost, perMinute, taken)
      }
      const taken = rateLimiter.take(`cost:${kind}:${id}`, perMinute, cost)
      return taken instanceof Promise ? taken.then(toCharge) : toCharge(taken)
    },
  }
}

function spent(cost: number, perMinute: number, { remaining, retryAfterSeconds }: Taken): DomainError {
  return new DomainError({
    kind: 'limited',
    code: 'RATE_LIMITED',
    message: `Operations may cost ${perMinute} a minute here. This one costs ${cost}, and ${remaining} is left. Wait ${retryAfterSeconds} s, or ask for less.`,
    details: { limit: perMinute, cost, remaining, retryAfterSeconds },
  })
}
