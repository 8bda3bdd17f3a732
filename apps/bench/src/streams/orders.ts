import type { DeliveryFigures } from './delivery.ts'
import type { Wish } from './subscriber.ts'
import type { Feed } from './told.ts'

/** What the process of the subscribers is told to do, and what it says then. */
export type Order = { id: number } & (
  | Connecting
  | Settling
  | { kind: 'cursors'; gameId: string }
  | { kind: 'churn'; share: number }
  | { kind: 'leave' }
)

export interface Connecting {
  kind: 'connect'
  port: number
  feed: Feed
  /** Whether each is answered under its own id. */
  ownId: boolean
  connections: number
  /** The first ones have a connection each; what is left are second ones. */
  wishes: readonly Wish[]
  /** As 127.0.0.<n>; more than 10,000 connections take the next ones as well. */
  firstAddress: number
  /** Whether few open at a time, and all have been told something at the end. Otherwise all come at once. */
  inTurn: boolean
}

export interface Settling {
  kind: 'settle'
  /** How far each game must have come for everybody. */
  heads: readonly (readonly [gameId: string, seq: number])[]
  /** When each event happened, for the latencies. */
  moments: readonly (readonly [gameId: string, seq: number, moment: number])[]
  /** Without anything new for so long, what is missing counts as lost. */
  patienceMs: number
  /** What has not come after so long is not waited for. Default: patience alone decides. */
  limitMs?: number
}

export interface Settled extends DeliveryFigures {
  /** Connections that ended. */
  lost: number
  /** Subscriptions that have not come as far as they should. */
  behind: number
  /** When the last message came. */
  lastMoment: number
  /** Null when nothing came. */
  p50Ms: number | null
  p95Ms: number | null
  p99Ms: number | null
  worstMs: number | null
}

export type Reply = { id: number; result: unknown } | { id: number; error: string }
