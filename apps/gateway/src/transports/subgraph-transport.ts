import type { FetchRequest, SubgraphAnswer } from '@courtside/federation'
import type { EventReceiver, Listening } from './event-receiver.ts'

/** What one subgraph is asked, and the headers that go with it: lower-case names, made by us alone. */
export interface TransportRequest {
  readonly fetch: FetchRequest
  readonly headers: Readonly<Record<string, string>>
}

/** Is told once how a request ended, perhaps before `send` returns. After an abort that stops it it need not be told. */
export interface AnswerReceiver {
  answered(answer: SubgraphAnswer): void
  failed(failure: TransportFailure): void
}

/** A request on its way. */
export interface Sending {
  /** Nobody waits any more: stops what can be stopped. */
  abort(): void
  /** Whether that stops nothing: the receiver is told all the same, when the work has ended. Default: false. */
  readonly goesOn?: boolean
}

/**
 * Carries requests to one subgraph, over the wire or within the process. It tries once and has no patience of its own:
 * deadlines, repeats and limits are the caller's. By calls and not by promises, because each promise on this way is
 * paid for by every fetch.
 */
export interface SubgraphTransport {
  /** Whether no network lies between, so that round trips cost nothing. Default: false. */
  readonly inProcess?: boolean
  /** Never throws. */
  send(request: TransportRequest, receiver: AnswerReceiver): Sending
  /** Never throws, and tells the receiver nothing before it has returned. Default: it carries no subscriptions. */
  subscribe?(request: TransportRequest, receiver: EventReceiver): Listening
  /** Closes connections, where there are any. */
  close?(): Promise<void>
}

/** By the name of the subgraph, as the supergraph has it. */
export type SubgraphTransports = Readonly<Record<string, SubgraphTransport>>

/**
 * Why there is no answer, as far as it matters for what to do next:
 * - `unsent`: nothing reached the subgraph, such as a refused connection. Whatever it was may be sent again;
 * - `lost`: the connection broke after something was sent. A read may be repeated;
 * - `busy`: it, or a proxy before it, said 429, 502, 503 or 504. A read may be repeated, after `retryAfterSeconds`;
 * - `useless`: it answered, but not with a GraphQL response. It would do so again;
 * - `invalid`: the request is no valid HTTP. That is no fault of the subgraph.
 */
export type TransportFailureKind = 'unsent' | 'lost' | 'busy' | 'useless' | 'invalid'

export class TransportFailure extends Error {
  override readonly name = 'TransportFailure'
  readonly kind: TransportFailureKind
  readonly retryAfterSeconds: number | null

  constructor(
    kind: TransportFailureKind,
    message: string,
    { cause, retryAfterSeconds = null }: { cause?: unknown; retryAfterSeconds?: number | null } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
    this.retryAfterSeconds = retryAfterSeconds
  }
}
