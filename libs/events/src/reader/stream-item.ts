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

/**
 * It ends here, but the stream goes on: this process closes. Whoever reads comes back with the last cursor, elsewhere.
 * No `DomainError`, because it is not for clients.
 */
export class StreamInterrupted extends Error {
  override readonly name = 'StreamInterrupted'
}
