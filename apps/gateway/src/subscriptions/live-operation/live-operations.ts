import type { Logger } from '@courtside/logger'
import type { GraphqlParams } from '../../edge/index.ts'
import type { CredentialHolder } from '../connections/index.ts'
import type { Outlet } from '../hub/index.ts'

/** What a transport that streams was asked to run. */
export interface LiveRequest {
  readonly params: GraphqlParams
  readonly holder: CredentialHolder
  readonly requestId: string
  readonly clientAddress: string
  readonly clientAgent: string | null
  readonly log: Logger
  /** The cursor of the last event that the client says it has, where its transport says that outside of the operation. */
  readonly lastEvent?: string | null
  /** Sent in a way that must change nothing: a mutation is refused. Default: false. */
  readonly isReadOnly?: boolean
  /** Counted against the rate of its sender already, as a request. Default: false. */
  readonly isCounted?: boolean
}

export interface LiveOutlet extends Outlet {
  /** The one answer of a query or a mutation: the JSON text of the execution result. Nothing follows it. */
  answered(body: string): void
}

export interface LiveOperation {
  /** The cursor to come back with; null where there is none. */
  readonly cursor: string | null
  /** After the outlet was `full`: goes on. */
  ready(): void
  /** The client has no use for it any more. */
  stop(): void
}

/** Runs operations for transports that stream: once for a query or a mutation, until it ends for a subscription. */
export interface LiveOperations {
  /** Rejects with the refusal when it may not begin; the outlet is told nothing then. */
  begin(request: LiveRequest, outlet: LiveOutlet): Promise<LiveOperation>
}
