import type { RunnableSubscription } from '../operation/index.ts'
import type { Outlet } from './outlet.ts'
import type { HubSubscription } from './subscription-hub.ts'
import type { Topic } from './topic.ts'

/**
 * - `FRESH`: was sent nothing since it stood at `after`;
 * - `LIVE`: was sent what its channel holds up to `at`;
 * - `FULL`: is sent nothing until it is ready; `after` is where it stopped;
 * - `OVER`: is told nothing any more.
 */
export const FRESH = 0
export const LIVE = 1
export const FULL = 2
export const OVER = 3
export type SubscriberState = typeof FRESH | typeof LIVE | typeof FULL | typeof OVER

/** Its channel does not hold what it needs next. */
export const NOWHERE = -1

/** Where a subscriber is: in a channel, or with those who wait for one. */
export interface Standing {
  readonly topic: Topic
  cursorAt(at: number): string | null
  unpark(member: Subscriber): void
  dismiss(member: Subscriber): void
}

/** One of perhaps 20,000: it holds nothing that a channel or a topic could hold for all of them. */
export class Subscriber implements HubSubscription {
  readonly outlet: Outlet
  state: SubscriberState = FRESH
  /** The channel whose events it is sent, and where in its memory it stands. */
  channel: Standing
  at = 0
  /** Where it stands among those who are with it; -1 when it is with none. */
  slot = -1
  after: string | null

  constructor(outlet: Outlet, after: string | null, channel: Standing) {
    this.outlet = outlet
    this.after = after
    this.channel = channel
  }

  get subscription(): RunnableSubscription {
    return this.channel.topic.subscription
  }

  get cursor(): string | null {
    return this.state === LIVE ? this.channel.cursorAt(this.at) : this.after
  }

  ready(): void {
    if (this.state === FULL) this.channel.unpark(this)
  }

  stop(): void {
    if (this.state !== OVER) this.channel.dismiss(this)
  }
}
