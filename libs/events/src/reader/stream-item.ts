import type { Place } from '../cursor/index.ts'
import type { Fact } from '../fact.ts'
import type { Head } from '../log/index.ts'

/** A thing as it is, and how far its stream had come then: both from one statement, or one repeatable-read transaction. */
export interface Snapshot<Value> {
  /** Null when it is not there (any more). */
  readonly value: Value | null
  /** Null for a stream without facts. */
  readonly head: Head | null
}

/**
 * Why facts are missing before a snapshot:
 * - `RETENTION`: they are no longer kept;
 * - `RESTORED`: the log was restored, and what was read of it before may be other than what it says now.
 */
export interface Gap {
  readonly reason: 'RETENTION' | 'RESTORED'
}

/** One thing to tell a client, with the place that it has then. */
export type StreamItem<Value> = (
  | { readonly kind: 'snapshot'; readonly value: Value; readonly gap: Gap | null }
  | { readonly kind: 'fact'; readonly fact: Fact }
) & { readonly place: Place; readonly cursor: string }

/** `return` ends it at once, also while it waits. */
export type StreamItems<Value> = AsyncIterableIterator<StreamItem<Value>, undefined>

/** The same, each as somebody else wants it. */
export function mapItems<Item, Told>(
  items: AsyncIterableIterator<Item, undefined>,
  tell: (item: Item) => Told,
): AsyncIterableIterator<Told, undefined> {
  return {
    async next() {
      const step = await items.next()
      return step.done ? { done: true, value: undefined } : { done: false, value: tell(step.value) }
    },
    async return() {
      await items.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
