import { hash } from 'node:crypto'
import { type Clock, StartupError } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import {
  type AnswerStore,
  createCachePlanner,
  createCacheRules,
  createResponseCache,
} from './caching/index.ts'
import { createLanes, type Lanes } from './lane/index.ts'
import { createDemandRules, type Limits } from './limits/index.ts'
import type { GatewayMetrics } from './observability/index.ts'
import { createPreparedDocuments, type PreparedDocuments } from './operations/index.ts'
import { readSupergraph } from './supergraph/index.ts'
import type { SubgraphCaller, SubgraphTransports } from './transports/index.ts'

/** All that follows from one supergraph: what may be asked, by whom, and what answers it. */
export interface GraphVersion {
  readonly documents: PreparedDocuments
  readonly lanes: Lanes
  stop(): Promise<void>
}

export interface GraphVersionOptions {
  transports: SubgraphTransports
  calls: SubgraphCaller
  limits: Limits
  /** Where answers that are the same for everybody are remembered. */
  answers: AnswerStore
  slowOnly: boolean
  production: boolean
  metrics: GatewayMetrics
  clock: Clock
  log: Logger
}

export async function buildGraphVersion(text: string, options: GraphVersionOptions): Promise<GraphVersion> {
  const { transports, calls, limits, answers, slowOnly, production, metrics, clock, log } = options
  const supergraph = readSupergraph(text)
  const missing = supergraph.subgraphs.filter((name) => !(name in transports))
  if (missing.length > 0) {
    throw new StartupError(
      `The supergraph has the subgraph ${missing.join(', ')}, and this gateway does not know how to reach it. ` +
        'Start the gateway anew with its address.',
    )
  }
  const lanes = await createLanes({
    supergraph,
    calls,
    // Of another graph the same question may have another answer.
    responseCache: createResponseCache({ store: answers, clock, keyspace: hash('sha256', text, 'base64') }),
    overNetwork: !Object.values(transports).every(({ inProcess }) => inProcess),
    slowOnly,
    production,
    metrics,
    log,
  })
  const { access } = supergraph
  const documents = createPreparedDocuments({
    schema: lanes.schema,
    access,
    demand: createDemandRules(access.schema),
    caching: createCachePlanner(createCacheRules(access.schema)),
    limits,
    policy: { hideSchema: production },
  })
  return { documents, lanes, stop: () => lanes.stop() }
}
