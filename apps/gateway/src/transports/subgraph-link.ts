import type { Logger } from '@courtside/logger'
import type { SubgraphState } from '../observability/index.ts'
import {
  type BreakerPolicy,
  type BreakerState,
  CallSlots,
  CircuitBreaker,
  createDeadlines,
  DEFAULT_BREAKER_POLICY,
  DEFAULT_SLOT_LIMITS,
  type Deadlines,
  RetryBudget,
  type SlotLimits,
} from './resilience/index.ts'
import type { SubgraphTransport, SubgraphTransports } from './subgraph-transport.ts'

/** The way to one subgraph, and what is known of its state. */
export interface SubgraphLink {
  readonly transport: SubgraphTransport
  readonly slots: CallSlots
  readonly breaker: CircuitBreaker
  readonly budget: RetryBudget
  readonly deadlines: Deadlines
  /** An attempt that had at least this long and no answer is held against the subgraph. */
  readonly slowMs: number
  onRetry(): void
  /** In milliseconds of a clock that is never set. */
  now(): number
  random(): number
  load(): SubgraphState
}

export interface SubgraphLinkOptions {
  transports: SubgraphTransports
  deadlineMs: number
  slots?: Partial<SlotLimits>
  breaker?: Partial<BreakerPolicy>
  onRetry?(subgraph: string): void
  log: Logger
  now(): number
  random?(): number
}

export function createSubgraphLinks(options: SubgraphLinkOptions): ReadonlyMap<string, SubgraphLink> {
  const { transports, now, random = Math.random } = options
  const deadlines = createDeadlines(now)
  return new Map(
    Object.entries(transports).map(([subgraph, transport]) => {
      const slots = new CallSlots({ ...DEFAULT_SLOT_LIMITS, ...options.slots })
      const breaker = new CircuitBreaker({ ...DEFAULT_BREAKER_POLICY, ...options.breaker }, (state, before) =>
        sayState(options.log, subgraph, state, before, now()),
      )
      const link: SubgraphLink = {
        transport,
        slots,
        breaker,
        budget: new RetryBudget(),
        deadlines,
        slowMs: options.deadlineMs / 2,
        onRetry: () => options.onRetry?.(subgraph),
        now,
        random,
        load: () => ({
          subgraph,
          inFlight: slots.inFlight,
          queued: slots.queued,
          breaker: breaker.state.kind,
        }),
      }
      return [subgraph, link]
    }),
  )
}

/** When it begins and when it ends; not each attempt in between to see whether it has. */
function sayState(
  log: Logger,
  subgraph: string,
  state: BreakerState,
  before: BreakerState,
  now: number,
): void {
  if (state.kind === 'open' && before.kind === 'closed') {
    const seconds = Math.ceil((state.until - now) / 1000)
    log.error({ subgraph, seconds }, 'A subgraph fails too often and is not asked for a while')
  } else if (state.kind === 'closed') {
    log.info({ subgraph }, 'A subgraph answers again')
  }
}
