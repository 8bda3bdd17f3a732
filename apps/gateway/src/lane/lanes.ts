import {
  type CompiledOperation,
  createEngine,
  type OperationSource,
  type WarmUpReport,
} from '@courtside/federation'
import type { Logger } from '@courtside/logger'
import { getOperationAST, type GraphQLSchema } from 'graphql'
import { createSharedReads, type ResponseCache, type SingleFlight } from '../caching/index.ts'
import type { CompiledOperationsKept, GatewayMetrics } from '../observability/index.ts'
import type { PreparedOperation } from '../operations/index.ts'
import type { Supergraph } from '../supergraph/index.ts'
import type { Caller, SubgraphCaller } from '../transports/index.ts'
import { type CompiledOperations, createCompiledOperations } from './compiled-operations.ts'
import { runCompiled } from './fast-lane.ts'
import { type LaneAnswer, toWholeAnswer } from './lane-answer.ts'
import type { LaneRequest } from './lane-request.ts'
import { createErrorPublisher } from './publish-errors.ts'
import { createSlowLane } from './slow-lane.ts'
import {
  type BegunSubscription,
  createSubscriptions,
  type SubscriptionRequest,
} from './subscription/index.ts'
import { assertVariables, refuseVariables } from './variable-faults.ts'

export interface LanesOptions {
  supergraph: Supergraph
  calls: Pick<SubgraphCaller, 'fetch'>
  /** Null: answers are shared while they are being made, and not remembered. */
  responseCache: ResponseCache | null
  /** What is being read, of all versions of the graph. */
  flights: SingleFlight<LaneAnswer>
  /** Tells this version of the graph from the others. */
  version: string
  /** Whether a subgraph is reached over a network, where round trips count. */
  overNetwork: boolean
  /** Everything goes through Apollo Server: for finding out whether a fault is in the other lane. */
  slowOnly: boolean
  production: boolean
  metrics: GatewayMetrics
  log: Logger
}

/** The two ways in which an operation is run. Both answer the same. */
export interface Lanes {
  /** The public schema. */
  readonly schema: GraphQLSchema
  /** Throws the refusal of variables that do not fit, and of an operation that cannot be planned. */
  execute(request: LaneRequest): LaneAnswer | Promise<LaneAnswer>
  /**
   * What a subscription is to the hub, and where its client begins. Throws the refusal of variables that do not fit,
   * and of an operation that cannot be planned.
   */
  subscription(request: SubscriptionRequest): BegunSubscription
  /** Whether it can be run at once, or has to be compiled before. */
  isReady(operation: PreparedOperation): boolean
  /** Compiles in the background what is expected to be asked for. */
  warmUp(sources: Iterable<OperationSource>): Promise<WarmUpReport>
  /** The compiled operations that it holds now. */
  kept(): CompiledOperationsKept
  stop(): Promise<void>
}

/** Room for about a thousand large pages. */
const MOST_BYTES = 64 * 1024 * 1024

export async function createLanes(options: LanesOptions): Promise<Lanes> {
  const { supergraph, calls, production, metrics, log } = options
  const errors = createErrorPublisher(production)
  const slowLane = await createSlowLane({ supergraph, errors, log })
  const { graph } = slowLane
  const engine = createEngine({ graph, fetch: calls.fetch, mergeEntityFetches: options.overNetwork })
  const operations = createCompiledOperations({ compile: engine.compile, maxBytes: MOST_BYTES, metrics })
  const subscriptions = createSubscriptions({ ...options, engine, schema: graph.schema, errors })
  let stopped = false
  const compiledOf = ({ type }: Pick<PreparedOperation, 'type'>) =>
    type === 'subscription' ? subscriptions.operations : operations
  const reads = createSharedReads<LaneAnswer>({
    cache: options.responseCache,
    flights: options.flights,
    version: options.version,
    toAnswer: toWholeAnswer,
    log,
    onRead: (outcome) => {
      if (outcome === 'joined') metrics.sharedExecution()
    },
  })

  const run = (compiled: CompiledOperation<Caller>, request: LaneRequest): Promise<LaneAnswer> => {
    const { caching, schemaShare } = request.operation
    const slowly = options.slowOnly || schemaShare === 'part' || request.showPlan
    metrics.answeredBy(slowly ? 'slow' : 'fast')
    return slowly
      ? slowLane.run(request, compiled, caching.policy)
      : runCompiled(compiled, request, caching.policy, errors)
  }
  const write = async (compiled: CompiledOperation<Caller>, request: LaneRequest): Promise<LaneAnswer> => {
    try {
      return await run(compiled, request)
    } finally {
      await reads.written(request.operation.caching)
    }
  }
  const introspect = (request: LaneRequest): LaneAnswer => {
    assertVariables(graph.schema, request, production)
    metrics.answeredBy('slow')
    return slowLane.introspect(request)
  }

  return {
    schema: graph.schema,
    execute(request) {
      const { document, operation, variables, caller } = request
      // It needs no plan, and the planner does not know all of what introspection can ask.
      if (operation.schemaShare === 'whole') return introspect(request)
      const compiled = operations.of(document, operation, caller)
      const faults = compiled.checkVariables(variables)
      if (faults.length > 0) throw refuseVariables(faults, production)
      if (operation.type === 'mutation') return write(compiled, request)
      if (request.showPlan) return run(compiled, request)
      return reads.read(operation.caching, variables, caller, (reader) =>
        run(compiled, { ...request, caller: reader }),
      )
    },
    subscription: subscriptions.begin,
    isReady: (operation) => operation.schemaShare === 'whole' || compiledOf(operation).isReady(operation),
    warmUp: (sources) => warmUpApart(sources, operations, subscriptions.operations, () => stopped),
    kept: () => sumOf(operations.kept(), subscriptions.operations.kept()),
    stop() {
      stopped = true
      return slowLane.stop()
    },
  }
}

type Compilation = Pick<CompiledOperations<unknown>, 'warmUp'>

/** Subscriptions after all others: whoever waits for a page waits for its answer, and who listens for an event. */
async function warmUpApart(
  sources: Iterable<OperationSource>,
  operations: Compilation,
  subscriptions: Compilation,
  isStopped: () => boolean,
): Promise<WarmUpReport> {
  const live: OperationSource[] = []
  const others = function* () {
    for (const source of sources) {
      const { document, operationName } = source
      if (getOperationAST(document, operationName)?.operation === 'subscription') live.push(source)
      else yield source
    }
  }
  const untilStopped = function* () {
    for (const source of live) {
      if (isStopped()) return
      yield source
    }
  }
  const first = await operations.warmUp(others())
  const then = await subscriptions.warmUp(untilStopped())
  return { compiled: first.compiled + then.compiled, failed: [...first.failed, ...then.failed] }
}

function sumOf(one: CompiledOperationsKept, other: CompiledOperationsKept): CompiledOperationsKept {
  return { count: one.count + other.count, bytes: one.bytes + other.bytes }
}
