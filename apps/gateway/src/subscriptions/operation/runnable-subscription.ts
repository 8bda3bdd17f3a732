import type { FetchRequest } from '@courtside/federation'
import type { Caller, UpstreamEvent } from '../../transports/index.ts'

/**
 * - `log`: each event counts, and has a cursor to come back with. The root field takes it as an argument of the type
 *   `Cursor`.
 * - `state`: only the newest event counts, or the newest of each key.
 */
export type StreamKind = 'log' | 'state'

/** What clients are told of one event: the text of its execution result, and how much that says. */
export interface Telling {
  readonly text: string
  /** `part`: there are errors beside the data; `nothing`: there are only errors. */
  readonly told: 'whole' | 'part' | 'nothing'
  /** One of the errors says that it may go well another time. */
  readonly retryable: boolean
}

/** One subscription operation with its variables, on behalf of whoever may share it. */
export interface RunnableSubscription {
  /** Equal for those who must be sent the same events: operation, variables but the cursor, and audience. */
  readonly topic: string
  readonly kind: StreamKind
  readonly subgraph: string
  /** On whose behalf the subgraphs are asked: the caller, or nobody in particular where everybody is sent the same. */
  readonly reader: Caller
  /** What opens it in its subgraph, for the events after this cursor; null for a snapshot and what follows. */
  request(after: string | null): FetchRequest
  /** What is told of one event, with what other subgraphs add to it. Never rejects. */
  complete(event: UpstreamEvent): Telling | Promise<Telling>
}
