import type { Fact } from '../fact.ts'

/** A place in a stream: after this fact. `seq` 0 is before the first one, in any epoch. */
export interface Position {
  readonly epoch: number
  readonly seq: number
}

/** After this fact; `live` is from now on, `start` is everything that is kept. */
export type StartingPoint = Position | 'live' | 'start'

export type StreamEvent =
  /** The next ones, in order and without a hole. At most `LARGEST_BATCH`. */
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  /** Those after `after` and up to `through` are no longer kept. What follows is dense again. */
  | { readonly kind: 'gap'; readonly after: number; readonly through: number }
  /** What was read so far may not be what the log now says. Take a snapshot; facts go on after `head`. */
  | { readonly kind: 'reset'; readonly head: Position }
  /** The last event. Come back with your cursor, elsewhere. */
  | { readonly kind: 'end'; readonly reason: 'draining' }

/** Who returns `full` has taken the event, and is told no more until it calls `resume`. */
export type StreamListener = (event: StreamEvent) => 'full' | undefined

export const LARGEST_BATCH = 64
