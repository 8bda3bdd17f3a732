export { CallSlots, DEFAULT_SLOT_LIMITS, type SlotLimits, type SlotSeeker } from './call-slots.ts'
export {
  type BreakerPolicy,
  type BreakerState,
  CircuitBreaker,
  DEFAULT_BREAKER_POLICY,
  type Pass,
} from './circuit-breaker.ts'
export { createDeadlines, type Deadlines, type Expiring } from './deadlines.ts'
export { MOST_RETRIES, RetryBudget, retryDelayMs } from './retries.ts'
