import type { SubgraphAnswer } from '@courtside/federation'
import type { EventMark } from '@courtside/subgraph'
import type { TransportFailure } from './subgraph-transport.ts'

/** One event of a subscription, as its subgraph answered it. Given away: it may be changed. */
export interface UpstreamEvent extends SubgraphAnswer {
  readonly mark: EventMark | null
}

/** Is told the events in order, and then once how it ended. After `stop` it is told nothing. */
export interface EventReceiver {
  event(event: UpstreamEvent): void
  /** The subgraph has no more to tell. */
  completed(): void
  /** The subgraph would refuse it again. */
  refused(errors: NonNullable<SubgraphAnswer['errors']>): void
  /** Nothing is known of it any more, such as after a broken connection. It may be opened again. */
  failed(failure: TransportFailure): void
}

/** An open subscription to a subgraph. */
export interface Listening {
  stop(): void
  /** Takes no more events until `resume`, where the transport can do that; else they come on. Default: they come on. */
  pause?(): void
  resume?(): void
}
