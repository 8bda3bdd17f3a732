import { hash } from 'node:crypto'
import type { OperationSource } from '@courtside/federation'
import { type Clock, StartupError } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import {
  type AnswerStore,
  createCachePlanner,
  createCacheRules,
  createResponseCache,
  type SingleFlight,
} from './caching/index.ts'
import { createLanes, type LaneAnswer, type Lanes } from './lane/index.ts'
import { createDemandRules, type Limits } from './limits/index.ts'
import type { GatewayMetrics } from './observability/index.ts'
import { createPreparedDocuments, type PreparedDocuments } from './operations/index.ts'
import type { ListedOperation, OperationManifest } from './safelist/index.ts'
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
  /** What clients are known to send. */
  operations: OperationManifest | undefined
  /** Where answers that are the same for everybody are remembered. */
  answers: AnswerStore
  /** What is being read, of this version and of those before it. */
  flights: SingleFlight<LaneAnswer>
  slowOnly: boolean
  production: boolean
  metrics: GatewayMetrics
  clock: Clock
  log: Logger
}

export async function buildGraphVersion(text: string, options: GraphVersionOptions): Promise<GraphVersion> {
  const { transports, calls, limits, answers, flights, slowOnly, production, metrics, clock, log } = options
  const supergraph = readSupergraph(text)
  const missing = supergraph.subgraphs.filter((name) => !(name in transports))
  if (missing.length > 0) {
    throw new StartupError(
      `The supergraph has the subgraph ${missing.join(', ')}, and this gateway does not know how to reach it. ` +
        'Start the gateway anew with its address.',
    )
  }
  // Of another graph the same question may have another answer.
  const version = hash('sha256', text, 'base64')
  const lanes = await createLanes({
    supergraph,
    calls,
    responseCache: createResponseCache({
      store: answers,
      clock,
      keyspace: version,
      onEvent: metrics.responseCache,
    }),
    flights,
    version,
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
  metrics.compiledOperations(lanes.kept)
  let stopped = false
  void warmUp(options.operations?.operations ?? [], { documents, lanes, log, isStopped: () => stopped })
  return {
    documents,
    lanes,
    stop() {
      stopped = true
      return lanes.stop()
    },
  }
}

interface WarmUpParts extends Pick<GraphVersion, 'documents' | 'lanes'> {
  log: Logger
  /** Nobody will send what is compiled from then on. */
  isStopped(): boolean
}

/** Compiles listed operations while requests are served, so that the first who sends one need not wait. Never fails. */
async function warmUp(listed: readonly ListedOperation[], parts: WarmUpParts): Promise<void> {
  if (listed.length === 0) return
  const { lanes, log } = parts
  const started = performance.now()
  const { compiled, failed } = await lanes.warmUp(sourcesOf(listed, parts))
  for (const { key, error } of failed)
    log.warn({ err: error, operation: key }, 'A listed operation cannot be compiled')
  log.info(
    { compiled, durationMs: Math.round(performance.now() - started) },
    'Listed operations are compiled',
  )
}

function* sourcesOf(
  listed: readonly ListedOperation[],
  { documents, log, isStopped }: WarmUpParts,
): Generator<OperationSource> {
  for (const { name, body } of listed) {
    if (isStopped()) return
    try {
      const { document, operations } = documents.prepare(body, true)
      for (const operation of operations) {
        if (operation.schemaShare === 'whole') continue
        yield { key: operation.key, document, operationName: operation.name }
      }
    } catch (error) {
      // It was listed for another version of the graph, or is longer than the limits allow.
      log.warn({ err: error, operation: name }, 'A listed operation does not run on this graph')
    }
  }
}
