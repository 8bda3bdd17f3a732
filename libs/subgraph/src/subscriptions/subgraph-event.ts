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

/** One event of a subscription, answered as the operation selected. Belongs to whoever asked: they may change it. */
export interface SubgraphEvent extends SubgraphResponse {
  readonly mark: EventMark | null
}

/** Events until the subgraph has no more to tell. `return` ends it early. */
export type SubgraphEvents = AsyncIterableIterator<SubgraphEvent, undefined>

/** Either it begins, or it is refused in words for the client. */
export type SubgraphSubscription =
  | { readonly events: SubgraphEvents; readonly errors?: never }
  | { readonly events?: never; readonly errors: NonNullable<SubgraphResponse['errors']> }
