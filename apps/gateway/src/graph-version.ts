import type { Logger } from '@courtside/logger'
import { StartupError } from '@courtside/kernel'
import { createSlowLane, type SlowLane } from './lane/index.ts'
import type { Limits } from './limits/index.ts'
import { createPreparedDocuments, type PreparedDocuments } from './operations/index.ts'
import { readSupergraph } from './supergraph/index.ts'
import type { SubgraphCaller, SubgraphTransports } from './transports/index.ts'

/** All that follows from one supergraph: what may be asked, by whom, and what answers it. */
export interface GraphVersion {
  readonly documents: PreparedDocuments
  readonly lane: SlowLane
  stop(): Promise<void>
}

export interface GraphVersionOptions {
  transports: SubgraphTransports
  calls: SubgraphCaller
  limits: Limits
  production: boolean
  log: Logger
}

export async function buildGraphVersion(text: string, options: GraphVersionOptions): Promise<GraphVersion> {
  const { transports, calls, limits, production, log } = options
  const supergraph = readSupergraph(text)
  const missing = supergraph.subgraphs.filter((name) => !(name in transports))
  if (missing.length > 0) {
    throw new StartupError(
      `The supergraph has the subgraph ${missing.join(', ')}, and this gateway does not know how to reach it. ` +
        'Start the gateway anew with its address.',
    )
  }
  const lane = await createSlowLane({ supergraph, calls, production, log })
  const { access } = supergraph
  const documents = createPreparedDocuments({
    schema: lane.schema,
    access,
    limits,
    policy: { hideSchema: production },
  })
  return { documents, lane, stop: () => lane.stop() }
}
