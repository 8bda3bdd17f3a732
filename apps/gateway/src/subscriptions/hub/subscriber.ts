import type { Channel } from './channel.ts'
import type { RunnableSubscription } from '../operation/index.ts'
import type { Outlet } from './outlet.ts'
import type { HubSubscription } from './subscription-hub.ts'

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

/** One of perhaps 20,000: it holds nothing that a channel or a topic could hold for all of them. */
export class Subscriber implements HubSubscription {
  readonly outlet: Outlet
  state: SubscriberState = FRESH
  /** The channel whose events it is sent, and where in its memory it stands. */
  channel: Channel
  at = 0
  /** Where it stands among the members of its channel; -1 when it is none. */
  slot = -1
  after: string | null

  constructor(outlet: Outlet, after: string | null, channel: Channel) {
    this.outlet = outlet
    this.after = after
    this.channel = channel
  }

  get subscription(): RunnableSubscription {
    return this.channel.topic.subscription
  }

  get cursor(): string | null {
    return this.state === LIVE ? this.channel.memory.cursorAt(this.at) : this.after
  }

  ready(): void {
    if (this.state === FULL) this.channel.unpark(this)
  }

  stop(): void {
    if (this.state !== OVER) this.channel.dismiss(this)
  }
}
