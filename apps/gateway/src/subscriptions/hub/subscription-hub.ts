import type { RunnableSubscription } from '../operation/index.ts'
import type { Outlet } from './outlet.ts'

/** All subscriptions of this process. However many clients want the same, its subgraphs are asked once. */
export interface SubscriptionHub {
  /**
   * `after`: the cursor to go on from; null for a snapshot first. The outlet is told for the first time after this has
   * returned.
   */
  subscribe(subscription: RunnableSubscription, after: string | null, outlet: Outlet): HubSubscription
  figures(): HubFigures
  /** Stops all upstream work. Outlets are told nothing: their connections are closed by whoever holds them. */
  stop(): void
}

export interface HubSubscription {
  /** What all who share its topic run. Whoever keeps this one need not keep one of their own. */
  readonly subscription: RunnableSubscription
  /** The cursor of the last event that its outlet took; what it began with before the first one. */
  readonly cursor: string | null
  /** After `full`: goes on where it stopped. */
  ready(): void
  /** Its outlet is told nothing any more. */
  stop(): void
}

/** Counts since the process began, but the first five, which say how it is now. */
export interface HubFigures {
  readonly topics: number
  readonly subscribers: number
  /** Subscribers that are full. */
  readonly parked: number
  /** Subscribers who came back and wait for their turn to be served. */
  readonly waiting: number
  /** Open subscriptions to subgraphs. */
  readonly upstreams: number
  readonly events: number
  readonly deliveries: number
  /** Events that a slow client was not sent because a newer one came. */
  readonly conflated: number
  /** Upstreams opened again after a failure. */
  readonly reopened: number
  /** Subscribers who came back and were served from what was at hand, or by reading again. */
  readonly resumedAtHand: number
  readonly resumedUpstream: number
}
