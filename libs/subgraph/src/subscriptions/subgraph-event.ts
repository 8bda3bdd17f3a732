import type { SubgraphResponse } from '../subgraph-request.ts'

/**
 * What an event is among those of its subscription:
 * - `place`: a fact of a log. Whoever missed it asks again with the cursor of the one before. A snapshot stands at the
 *   place of the last fact it holds, whatever came before it; any other fact follows right after the one before;
 * - `key`: the newest state of one thing. It makes earlier events of the same key worthless.
 */
export type EventMark =
  | {
      readonly kind: 'place'
      readonly cursor: string
      readonly epoch: number
      readonly seq: number
      readonly snapshot: boolean
    }
  | { readonly kind: 'key'; readonly key: string }

/**
 * Where a root value says what its event is. A symbol, so that it is no field of the graph:
 *
 *     yield { gameChanged: change, [EVENT_MARK]: mark }
 */
export const EVENT_MARK: unique symbol = Symbol('event mark')

/** A root value as a subscribe resolver yields it. Without a mark its event is the newest state of the one thing there is. */
export interface MarkedRoot {
  readonly [EVENT_MARK]?: EventMark
}

/** One event of a subscription, answered as the operation selected. Belongs to whoever asked: they may change it. */
export interface SubgraphEvent extends SubgraphResponse {
  readonly mark: EventMark | null
}

/**
 * Events until the subgraph has no more to tell. A source that breaks rejects `next` with a `SubscriptionBrokenError`,
 * as its last word. `return` frees the source at once, also while a `next` waits for it.
 */
export interface SubgraphEvents extends AsyncIterableIterator<SubgraphEvent, undefined> {
  return(): Promise<IteratorResult<SubgraphEvent, undefined>>
}

/** Either it begins, or it does not, in words for the client. Which of them are final is said by `isFinal`. */
export type SubgraphSubscription =
  | { readonly events: SubgraphEvents; readonly errors?: never }
  | { readonly events?: never; readonly errors: NonNullable<SubgraphResponse['errors']> }
