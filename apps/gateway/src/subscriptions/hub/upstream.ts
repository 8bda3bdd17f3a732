import {
  type EventReceiver,
  type Listening,
  TransportFailure,
  type UpstreamEvent,
} from '../../transports/index.ts'
import { BROKEN, COMPLETED, type Ending, UNAVAILABLE } from './ending.ts'
import type { HubContext } from './hub-context.ts'

type Refusal = Parameters<EventReceiver['refused']>[0]

export interface UpstreamOwner {
  readonly subgraph: string
  /** Whether its subgraph has been seen to serve it. Until then it is not tried for ever. */
  isProven: boolean
  /** From the last good place. */
  openUpstream(receiver: EventReceiver): Listening
  take(event: UpstreamEvent): void
  publish(errors: Refusal): Ending
  end(ending: Ending): void
}

/** One attempt at listening. After it has been left it is not heard any more, whatever its transport still says. */
class Attempt implements EventReceiver {
  readonly #upstream: Upstream
  readonly beganAt: number
  listening: Listening | null = null
  /** It has said so itself, and needs no stopping. */
  isOver = false

  constructor(upstream: Upstream, beganAt: number) {
    this.#upstream = upstream
    this.beganAt = beganAt
  }

  event(event: UpstreamEvent): void {
    this.#upstream.heard(this, event)
  }

  completed(): void {
    this.#upstream.over(this, null)
  }

  refused(errors: Refusal): void {
    this.#upstream.over(this, errors)
  }

  failed(failure: TransportFailure): void {
    this.#upstream.broke(this, failure, failure.retryAfterSeconds)
  }
}

/** Keeps a subscription to a subgraph open: whatever breaks it, it is opened again from the last good place. */
export class Upstream {
  readonly #owner: UpstreamOwner
  readonly #hub: HubContext
  readonly #beganAt: number
  #attempt: Attempt | null = null
  #cancelPause: (() => void) | null = null
  #failures = 0
  /** How often in a row its subgraph had nothing usable after the same place. */
  #useless = 0
  #isHeld = false
  #isClosed = false

  constructor(owner: UpstreamOwner, hub: HubContext) {
    this.#owner = owner
    this.#hub = hub
    this.#beganAt = hub.timers.now()
  }

  open(): void {
    const attempt = new Attempt(this, this.#hub.timers.now())
    this.#attempt = attempt
    this.#hub.counts.upstreams += 1
    let listening: Listening
    try {
      listening = this.#owner.openUpstream(attempt)
    } catch (error) {
      return this.broke(attempt, error, null)
    }
    attempt.listening = listening
    // It may have spoken before it returned, and been left for what it said.
    if (this.#attempt !== attempt) {
      if (!attempt.isOver) listening.stop()
    } else if (this.#isHeld) listening.pause?.()
  }

  /** It will not be opened again. */
  get isOver(): boolean {
    return this.#isClosed
  }

  /** It sent what can be used: its own faults before that are forgiven. */
  served(): void {
    this.#useless = 0
  }

  /** It came forward: the next pause is short again. */
  progressed(): void {
    this.#failures = 0
  }

  /** What it sends cannot be used; perhaps it can from the last good place. */
  reopen(reason: Error): void {
    this.#leave()
    this.#useless += 1
    this.#hub.outages.failed(this.#owner.subgraph, reason)
    this.#pause(null)
  }

  /** What it sent was right, but is needed once more; also where it has come to its end. */
  readAgain(reason: Error): void {
    this.#leave()
    this.#cancelPause?.()
    this.#isHeld = false
    this.#isClosed = false
    this.#hub.outages.failed(this.#owner.subgraph, reason)
    this.#pause(null)
  }

  /** No more events for now, where its transport can do that: says whether. Those on their way are still taken. */
  hold(): boolean {
    if (this.#isHeld) return true
    this.#isHeld = true
    const listening = this.#attempt?.listening
    if (!listening) return true
    listening.pause?.()
    return listening.pause !== undefined
  }

  /** What is held and sends on is stopped. It is opened again on `release`. */
  drop(): void {
    this.#leave()
  }

  release(): void {
    if (!this.#isHeld) return
    this.#isHeld = false
    if (this.#attempt) this.#attempt.listening?.resume?.()
    else if (!this.#cancelPause && !this.#isClosed) this.open()
  }

  close(): void {
    this.#isClosed = true
    this.#cancelPause?.()
    this.#cancelPause = null
    this.#leave()
  }

  heard(attempt: Attempt, event: UpstreamEvent): void {
    if (attempt === this.#attempt) this.#owner.take(event)
  }

  over(attempt: Attempt, refusal: Refusal | null): void {
    if (!this.#forget(attempt)) return
    this.#isClosed = true
    this.#owner.end(refusal ? this.#owner.publish(refusal) : COMPLETED)
  }

  broke(attempt: Attempt, cause: unknown, retryAfterSeconds: number | null): void {
    if (!this.#forget(attempt)) return
    const { timers, limits, outages } = this.#hub
    if (timers.now() - attempt.beganAt >= limits.giveUpAfterMs) {
      this.#owner.isProven = true
      this.#failures = 0
    }
    if (cause instanceof TransportFailure && cause.kind === 'useless') this.#useless += 1
    outages.failed(this.#owner.subgraph, cause)
    this.#pause(retryAfterSeconds)
  }

  /** Each waits for a random part of a pause that doubles, so that thousands do not come back at once. */
  #pause(retryAfterSeconds: number | null): void {
    const { timers, limits, random, counts } = this.#hub
    // Such as a fact that it cannot read: better told than waited for in silence.
    if (this.#useless >= limits.mostUseless) {
      this.#isClosed = true
      return this.#owner.end(BROKEN)
    }
    const longest = Math.min(limits.longestPauseMs, limits.firstPauseMs * 2 ** this.#failures)
    this.#failures += 1
    let pause = random() * longest + (retryAfterSeconds ?? 0) * 1_000
    if (!this.#owner.isProven) {
      const left = this.#beganAt + limits.giveUpAfterMs - timers.now()
      if (left <= 0) {
        this.#isClosed = true
        return this.#owner.end(UNAVAILABLE)
      }
      pause = Math.min(pause, left)
    }
    this.#cancelPause = timers.after(pause, () => {
      this.#cancelPause = null
      if (this.#isHeld) return
      counts.reopened += 1
      this.open()
    })
  }

  #forget(attempt: Attempt): boolean {
    attempt.isOver = true
    if (attempt !== this.#attempt) return false
    this.#attempt = null
    this.#hub.counts.upstreams -= 1
    return true
  }

  #leave(): void {
    const attempt = this.#attempt
    if (!attempt) return
    this.#attempt = null
    this.#hub.counts.upstreams -= 1
    attempt.listening?.stop()
  }
}
