import type { SubgraphAnswer } from '@courtside/federation'
import { CallFailure, type FailureReason } from './call-failure.ts'
import type { CancelListener, Cancellation } from './cancellation.ts'
import { type Expiring, type Pass, retryDelayMs, type SlotSeeker } from './resilience/index.ts'
import type { SubgraphLink } from './subgraph-link.ts'
import {
  type AnswerReceiver,
  type Sending,
  TransportFailure,
  type TransportRequest,
} from './subgraph-transport.ts'

type Phase =
  /** Nothing was sent yet. */
  | { readonly kind: 'preparing' | 'queued' | 'settled' }
  | { readonly kind: 'sending'; readonly pass: Pass; readonly since: number; sending: Sending | null }
  /** Before a repeat. */
  | { readonly kind: 'resting'; readonly timer: NodeJS.Timeout }

const preparing: Phase = { kind: 'preparing' }
const queued: Phase = { kind: 'queued' }
const settled: Phase = { kind: 'settled' }

/** Made once: with the stack of each, refusing would cost more than asking. */
const causes = {
  late: new Error('No answer before the deadline'),
  blocked: new Error('It failed so often that it is not asked for a while'),
  overloaded: new Error('Too many requests wait for it'),
  cancelled: new Error('The client has gone'),
}

export interface CallTerms {
  /** The latest moment at which it ends, in milliseconds of the link's clock. */
  readonly latestAt: number
  /** Whose patience may end before. It is asked each time: more may come who wait for the same. */
  readonly caller: { readonly deadline?: number | null }
  readonly cancellation: Cancellation | null
  /** Called once. */
  settle(outcome: SubgraphAnswer | CallFailure): void
}

/**
 * One question to one subgraph: it waits for a slot, is sent, perhaps sent again, and settles once, in whatever phase
 * it is when an answer, the deadline or the client's leaving comes.
 */
export class SubgraphCall implements AnswerReceiver, Expiring, CancelListener, SlotSeeker {
  watchedAt = -1
  readonly #link: SubgraphLink
  readonly #terms: CallTerms
  #phase: Phase = preparing
  #request: TransportRequest | null = null
  #retries = 0
  #mayHaveBegun = false
  /** Nobody waits any more, but the subgraph still works. */
  #outlived = false

  constructor(link: SubgraphLink, terms: CallTerms) {
    this.#link = link
    this.#terms = terms
    link.deadlines.watch(this)
    if (terms.cancellation?.isCancelled) this.cancelled()
    else terms.cancellation?.add(this)
  }

  get expiresAt(): number {
    const { latestAt, caller } = this.#terms
    return Math.min(latestAt, caller.deadline ?? Infinity)
  }

  begin(request: TransportRequest): void {
    if (this.#phase.kind !== 'preparing') return
    this.#request = request
    this.#link.budget.called()
    this.#seekSlot()
  }

  /** There is nothing that could be sent. */
  fail(cause: Error): void {
    this.#settleWith('broken', cause, null)
  }

  slotGranted(): void {
    const { breaker, transport, slots } = this.#link
    const now = this.#link.now()
    const pass = breaker.enter(now)
    if (pass === null || this.#request === null) {
      slots.release()
      return this.#refuse('blocked', breaker.blockedMs(now))
    }
    const phase: Phase = { kind: 'sending', pass, since: now, sending: null }
    this.#phase = phase
    this.#mayHaveBegun = true
    try {
      phase.sending = transport.send(this.#request, this)
    } catch (error) {
      // A transport never throws. Should one break its word, it must not take the process with it.
      this.failed(new TransportFailure('useless', 'The transport failed', { cause: error }))
    }
  }

  answered(answer: SubgraphAnswer): void {
    const phase = this.#phase
    if (phase.kind !== 'sending') return this.#workEnded()
    this.#link.breaker.succeeded(phase.pass, this.#link.now())
    this.#leaveSlot()
    this.#settle(answer)
  }

  failed(failure: TransportFailure): void {
    const phase = this.#phase
    if (phase.kind !== 'sending') return this.#workEnded()
    const { kind, retryAfterSeconds } = failure
    const { breaker } = this.#link
    if (kind === 'invalid') breaker.abandoned(phase.pass, this.#link.now())
    else breaker.failed(phase.pass, this.#link.now(), (retryAfterSeconds ?? 0) * 1000)
    if (kind === 'invalid' || kind === 'unsent') this.#mayHaveBegun = false
    this.#leaveSlot()
    const delayMs = this.#delayBeforeRepeat(failure)
    if (delayMs === null) return this.#settleWith('broken', failure, retryAfterSeconds)
    this.#retries++
    this.#link.onRetry()
    this.#phase = { kind: 'resting', timer: setTimeout(() => this.#seekSlot(), delayMs) }
  }

  expire(lagged: boolean): void {
    this.#stop('late', lagged)
  }

  cancelled(): void {
    this.#stop('cancelled')
  }

  #seekSlot(): void {
    const { breaker, slots } = this.#link
    const blockedMs = breaker.blockedMs(this.#link.now())
    if (blockedMs > 0) return this.#refuse('blocked', blockedMs)
    switch (slots.seek(this)) {
      case 'granted':
        return this.slotGranted()
      case 'queued':
        this.#phase = queued
        return
      case 'full':
        return this.#refuse('overloaded', 0)
    }
  }

  #delayBeforeRepeat(failure: TransportFailure): number | null {
    const { breaker, budget, now, random } = this.#link
    const type = this.#request?.fetch.template.type ?? 'mutation'
    const delayMs = retryDelayMs({ type, failure, retries: this.#retries }, random)
    if (delayMs === null || now() + delayMs >= this.expiresAt) return null
    if (breaker.blockedMs(now()) > delayMs) return null
    return budget.take() ? delayMs : null
  }

  #refuse(reason: 'blocked' | 'overloaded', againInMs: number): void {
    this.#settleWith(reason, causes[reason], Math.max(1, Math.ceil(againInMs / 1000)))
  }

  #stop(reason: 'late' | 'cancelled', lagged = false): void {
    const phase = this.#phase
    if (phase.kind === 'sending') {
      const { breaker, slowMs } = this.#link
      const now = this.#link.now()
      // One that was sent shortly before the end of a long request has proved nothing by being late, and neither has
      // one that we had no time to hear.
      if (reason === 'late' && !lagged && now - phase.since >= slowMs) breaker.failed(phase.pass, now)
      else breaker.abandoned(phase.pass, now)
      phase.sending?.abort()
      // As long as it works it takes the place of another: else clients that leave could have it do any number of things.
      if (phase.sending?.goesOn) this.#outlived = true
      else this.#leaveSlot()
    } else if (phase.kind === 'queued') {
      this.#link.slots.leave(this)
    } else if (phase.kind === 'resting') {
      clearTimeout(phase.timer)
    }
    this.#settleWith(reason, causes[reason], null)
  }

  #workEnded(): void {
    if (!this.#outlived) return
    this.#outlived = false
    this.#link.slots.release()
  }

  #leaveSlot(): void {
    this.#phase = preparing
    this.#link.slots.release()
  }

  #settleWith(reason: FailureReason, cause: Error, retryAfterSeconds: number | null): void {
    this.#settle(new CallFailure(reason, cause, { mayHaveBegun: this.#mayHaveBegun, retryAfterSeconds }))
  }

  #settle(outcome: SubgraphAnswer | CallFailure): void {
    if (this.#phase.kind === 'settled') return
    this.#phase = settled
    this.#link.deadlines.forget(this)
    this.#terms.cancellation?.remove(this)
    this.#terms.settle(outcome)
  }
}
