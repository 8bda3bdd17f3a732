import { assertNever } from '@courtside/kernel'
import { OutcomeWindow } from './outcome-window.ts'

/** `half-open`: one attempt is on its way, and what becomes of it decides for all. */
export type BreakerState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly until: number }
  | { readonly kind: 'half-open' }

/** The leave to make one attempt. */
export type Pass = 'ordinary' | 'probe'

export interface BreakerPolicy {
  /** How far it looks back. Default: 10 s. */
  readonly windowMs: number
  /** Fewer attempts in the window prove nothing. Default: 20. */
  readonly fewestAttempts: number
  /** Opens when this part of them failed. Default: half. */
  readonly failureRate: number
  /** How long it stays open for the first time; twice as long after each probe that failed. Default: 1 s. */
  readonly openMs: number
  /** Default: 30 s. */
  readonly longestOpenMs: number
}

export const DEFAULT_BREAKER_POLICY: BreakerPolicy = {
  windowMs: 10_000,
  fewestAttempts: 20,
  failureRate: 0.5,
  openMs: 1_000,
  longestOpenMs: 30_000,
}

/**
 * Stops asking a subgraph that fails: who waits for it gets an answer at once, and it gets time to recover. Pure: it
 * is told the time and what became of attempts.
 */
export class CircuitBreaker {
  readonly #policy: BreakerPolicy
  readonly #onChange: (state: BreakerState, before: BreakerState) => void
  readonly #window: OutcomeWindow
  #state: BreakerState = { kind: 'closed' }
  #nextOpenMs: number

  constructor(policy: BreakerPolicy, onChange: (state: BreakerState, before: BreakerState) => void) {
    this.#policy = policy
    this.#onChange = onChange
    this.#window = new OutcomeWindow(policy.windowMs)
    this.#nextOpenMs = policy.openMs
  }

  get state(): BreakerState {
    return this.#state
  }

  /** For how long asking is of no use; 0 when an attempt may be made. */
  blockedMs(now: number): number {
    switch (this.#state.kind) {
      case 'closed':
        return 0
      case 'open':
        return Math.max(0, this.#state.until - now)
      case 'half-open':
        // Nobody knows how long the probe takes.
        return this.#policy.openMs
      default:
        return assertNever(this.#state)
    }
  }

  /** Null while it is blocked. Whoever gets a pass gives it back by one of the three below. */
  enter(now: number): Pass | null {
    if (this.#state.kind === 'closed') return 'ordinary'
    if (this.blockedMs(now) > 0) return null
    this.#turn({ kind: 'half-open' })
    return 'probe'
  }

  succeeded(pass: Pass, now: number): void {
    if (pass === 'ordinary') {
      this.#window.count('succeeded', now)
    } else {
      this.#window.clear()
      this.#nextOpenMs = this.#policy.openMs
      this.#turn({ kind: 'closed' })
    }
  }

  /**
   * `retryAfterMs`, where the subgraph named a time, counts only when it opens: one replica of many that shuts down
   * names one too.
   */
  failed(pass: Pass, now: number, retryAfterMs = 0): void {
    if (pass === 'ordinary') {
      this.#window.count('failed', now)
      // What was sent before it opened says nothing new.
      if (this.#state.kind !== 'closed') return
      const { attempts, failures } = this.#window.totals(now)
      const { fewestAttempts, failureRate } = this.#policy
      if (attempts < fewestAttempts || failures < attempts * failureRate) return
    }
    const { longestOpenMs } = this.#policy
    const openMs = Math.min(longestOpenMs, Math.max(this.#nextOpenMs, retryAfterMs))
    this.#nextOpenMs = Math.min(longestOpenMs, this.#nextOpenMs * 2)
    this.#turn({ kind: 'open', until: now + openMs })
  }

  /** The attempt ended without saying anything about the subgraph. The next one becomes the probe. */
  abandoned(pass: Pass, now: number): void {
    if (pass === 'probe') this.#turn({ kind: 'open', until: now })
  }

  #turn(state: BreakerState): void {
    const before = this.#state
    this.#state = state
    this.#onChange(state, before)
  }
}
