import type { Subgraph } from '@courtside/subgraph'
import type { SubgraphTransport } from './subgraph-transport.ts'

/** A subgraph in this process: no wire, the same identity checks. */
export function inProcessTransport(subgraph: Pick<Subgraph, 'execute'>): SubgraphTransport {
  return { send: (request) => subgraph.execute(request) }
}
