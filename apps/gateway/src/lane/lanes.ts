import { createEngine } from '@courtside/federation'
import type { Logger } from '@courtside/logger'
import { getOperationAST, type GraphQLSchema } from 'graphql'
import {
  createCachePlanner,
  createCacheRules,
  createSharedReads,
  type ResponseCache,
} from '../caching/index.ts'
import type { GatewayMetrics } from '../observability/index.ts'
import type { Supergraph } from '../supergraph/index.ts'
import type { SubgraphCaller } from '../transports/index.ts'
import { runCompiled } from './fast-lane.ts'
import { type LaneAnswer, toWholeAnswer } from './lane-answer.ts'
import type { LaneRequest } from './lane-request.ts'
import { createErrorPublisher } from './publish-errors.ts'
import { createReadyOperations, type ReadyOperation } from './ready-operations.ts'
import { createSlowLane } from './slow-lane.ts'
import { assertVariables, refuseVariables } from './variable-faults.ts'

export interface LanesOptions {
  supergraph: Supergraph
  calls: SubgraphCaller
  /** Null: answers are shared while they are being made, and not remembered. */
  responseCache: ResponseCache | null
  /** Whether a subgraph is reached over a network, where round trips count. */
  overNetwork: boolean
  /** Everything goes through Apollo Server: for finding out whether a fault is in the other lane. */
  slowOnly: boolean
  production: boolean
  metrics: Pick<GatewayMetrics, 'answeredBy' | 'compilation' | 'compiledOperations' | 'sharedExecution'>
  log: Logger
}

/** The two ways in which an operation is run. Both answer the same. */
export interface Lanes {
  /** The public schema. */
  readonly schema: GraphQLSchema
  /** Throws the refusal of variables that do not fit. */
  execute(request: LaneRequest): LaneAnswer | Promise<LaneAnswer>
  stop(): Promise<void>
}

export async function createLanes(options: LanesOptions): Promise<Lanes> {
  const { supergraph, calls, production, metrics, log } = options
  const errors = createErrorPublisher(production)
  const slowLane = await createSlowLane({ supergraph, errors, log })
  const { graph } = slowLane
  const cachingOf = createCachePlanner(createCacheRules(supergraph.access.schema))
  const operations = createReadyOperations({
    engine: createEngine({ graph, fetch: calls.fetch, mergeEntityFetches: options.overNetwork }),
    cachingOf: (document, operation) => {
      const definition = getOperationAST(document.document, operation.name)
      if (!definition) throw new Error('A prepared operation is not in its document')
      return cachingOf({
        hash: document.id,
        document: document.document,
        operation: definition,
        requires: operation.requires,
      })
    },
    onCompiled: metrics.compilation,
    onKept: metrics.compiledOperations,
  })
  const reads = createSharedReads<LaneAnswer>({
    cache: options.responseCache,
    toAnswer: toWholeAnswer,
    onRead: (outcome) => {
      if (outcome === 'joined') metrics.sharedExecution()
    },
  })

  const run = (
    { compiled, schemaShare, caching }: ReadyOperation,
    request: LaneRequest,
  ): Promise<LaneAnswer> => {
    if (!compiled) throw new Error('An operation without a plan was to be run')
    const slowly = options.slowOnly || schemaShare === 'part' || request.showPlan
    metrics.answeredBy(slowly ? 'slow' : 'fast')
    return slowly
      ? slowLane.run(request, compiled, caching.policy)
      : runCompiled(compiled, request, caching.policy, errors)
  }
  const write = async (ready: ReadyOperation, request: LaneRequest): Promise<LaneAnswer> => {
    try {
      return await run(ready, request)
    } finally {
      await reads.written(ready.caching)
    }
  }

  return {
    schema: graph.schema,
    execute(request) {
      const { document, operation, variables, caller } = request
      const ready = operations.of(document, operation, caller.trace ?? null)
      if (!ready.compiled) {
        assertVariables(graph.schema, request, production)
        metrics.answeredBy('slow')
        return slowLane.introspect(request)
      }
      const faults = ready.compiled.checkVariables(variables)
      if (faults.length > 0) throw refuseVariables(faults, production)
      if (operation.type === 'mutation') return write(ready, request)
      if (request.showPlan) return run(ready, request)
      return reads.read(ready.caching, variables, caller, (reader) =>
        run(ready, { ...request, caller: reader }),
      )
    },
    stop: () => slowLane.stop(),
  }
}
