import { prettyFormatQueryPlan, type QueryPlan } from '@apollo/query-planner'
import type { DocumentNode, GraphQLError } from 'graphql'
import type { FetchRequest, SubgraphAnswer, SubgraphFetch, Variables } from './fetch/index.ts'
import type { FederatedGraph } from './graph/index.ts'
import type { JsonObject } from './join/index.ts'
import { type ClientOperation, compileConditionCheck, readOperation } from './operation/index.ts'
import type { Outcome } from './outcome.ts'
import { compileEventPlan, compilePlan } from './plan/index.ts'
import { compileShape } from './shape/index.ts'
import { compileVariableCheck } from './variables/index.ts'
import { weigh } from './weight.ts'

export interface EngineOptions<Context> {
  graph: FederatedGraph
  fetch: SubgraphFetch<Context>
  /**
   * Whether fetches of entities that go to one subgraph at the same time become one request. It spares round trips
   * over a network, and within one process only costs. Default false.
   */
  mergeEntityFetches?: boolean
}

/**
 * Compiles operations of one graph. It remembers nothing: whoever asks keeps what it was given. The document is valid
 * on the graph's schema, and the operation is in it. Throws what the planner throws.
 */
export interface Engine<Context> {
  /** A query or a mutation. */
  compile(document: DocumentNode, operationName: string | null): CompiledOperation<Context>
  compileSubscription(document: DocumentNode, operationName: string | null): CompiledSubscription<Context>
}

interface Compiled {
  /** About how many bytes this holds. */
  readonly weight: number
  /** At most ten faults; none when all fit. */
  checkVariables(variables: Variables): readonly GraphQLError[]
  /** The plan for people to read. */
  describePlan(): string
}

export interface CompiledOperation<Context> extends Compiled {
  /** `data` as JSON text, ready to be sent. */
  execute(variables: Variables, context: Context): Promise<Outcome<string>>
  /** `data` as an object, for whoever goes on working with it. */
  executeToData(variables: Variables, context: Context): Promise<Outcome<JsonObject | null>>
}

export interface CompiledSubscription<Context> extends Compiled {
  /** The one that tells the events. */
  readonly subgraph: string
  /** What opens it there. */
  request(variables: Variables): FetchRequest
  /**
   * `data` for one event as JSON text, with what other subgraphs add to it; at once where none does. The event is
   * given away. Throws and rejects where the asking itself fails, as `execute` does.
   */
  complete(
    event: SubgraphAnswer,
    variables: Variables,
    context: Context,
  ): Outcome<string> | Promise<Outcome<string>>
}

export function createEngine<Context>(options: EngineOptions<Context>): Engine<Context> {
  const { graph, fetch, mergeEntityFetches = false } = options

  const read = (document: DocumentNode, operationName: string | null) => {
    const client = readOperation(graph, document, operationName)
    const plan = graph.planner.buildQueryPlan(client.operation)
    const stepOptions = {
      supergraphSchema: graph.supergraphSchema,
      fetch,
      mergeEntityFetches,
      defaults: client.defaults,
    }
    const shape = compileShape({ ...client, schema: graph.schema })
    return { client, plan, stepOptions, shape }
  }
  const compiled = (document: DocumentNode, client: ClientOperation, plan: QueryPlan): Compiled => {
    const checkTypes = compileVariableCheck(graph.schema, client.definition)
    const checkConditions = compileConditionCheck(client)
    return {
      weight: weigh(document, plan),
      checkVariables(variables) {
        const faults = checkTypes(variables)
        return faults.length > 0 || !checkConditions ? faults : checkConditions(variables)
      },
      describePlan: () => prettyFormatQueryPlan(graph.planner.buildQueryPlan(client.operation)),
    }
  }

  return {
    compile(document, operationName) {
      const { client, plan, stepOptions, shape } = read(document, operationName)
      const { run } = compilePlan(plan.node, stepOptions)
      return {
        ...compiled(document, client, plan),
        async execute(variables, context) {
          return shape.toText(await run(variables, context), variables)
        },
        async executeToData(variables, context) {
          return shape.toData(await run(variables, context), variables)
        },
      }
    },
    compileSubscription(document, operationName) {
      const { client, plan, stepOptions, shape } = read(document, operationName)
      if (plan.node?.kind !== 'Subscription') throw new Error('The operation is no subscription')
      const { subgraph, request, run } = compileEventPlan(plan.node, stepOptions)
      return {
        ...compiled(document, client, plan),
        subgraph,
        request,
        complete(event, variables, context) {
          const joined = run(event, variables, context)
          return joined instanceof Promise
            ? joined.then((all) => shape.toText(all, variables))
            : shape.toText(joined, variables)
        },
      }
    },
  }
}
