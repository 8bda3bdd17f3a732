import type { SubgraphRequest, SubgraphResponse } from '@courtside/subgraph'

/** Carries operations to one subgraph, over the wire or within the process. */
export interface SubgraphTransport {
  /** Throws when the subgraph did not answer, or answered something other than a GraphQL response. */
  send(request: SubgraphRequest, signal?: AbortSignal): Promise<SubgraphResponse>
  /** Closes connections, where there are any. */
  close?(): Promise<void>
}

/** By the name of the subgraph, as the supergraph has it. */
export type SubgraphTransports = Readonly<Record<string, SubgraphTransport>>
