import { prettyFormatQueryPlan } from '@apollo/query-planner'
import type { DocumentNode, GraphQLError } from 'graphql'
import type { SubgraphFetch, Variables } from './fetch/index.ts'
import type { FederatedGraph } from './graph/index.ts'
import type { JsonObject } from './join/index.ts'
import { compileConditionCheck, readOperation } from './operation/index.ts'
import type { Outcome } from './outcome.ts'
import { compilePlan } from './plan/index.ts'
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

/** Compiles operations of one graph. It remembers nothing: whoever asks keeps what it was given. */
export interface Engine<Context> {
  /** The document is valid on the graph's schema, and the operation is in it. Throws what the planner throws. */
  compile(document: DocumentNode, operationName: string | null): CompiledOperation<Context>
}

export interface CompiledOperation<Context> {
  /** About how many bytes this holds. */
  readonly weight: number
  /** At most ten faults; none when all fit. */
  checkVariables(variables: Variables): readonly GraphQLError[]
  /** `data` as JSON text, ready to be sent. */
  execute(variables: Variables, context: Context): Promise<Outcome<string>>
  /** `data` as an object, for whoever goes on working with it. */
  executeToData(variables: Variables, context: Context): Promise<Outcome<JsonObject | null>>
  /** The plan for people to read. */
  describePlan(): string
}

export function createEngine<Context>(options: EngineOptions<Context>): Engine<Context> {
  const { graph, fetch, mergeEntityFetches = false } = options
  return {
    compile(document, operationName) {
      const client = readOperation(graph, document, operationName)
      const plan = graph.planner.buildQueryPlan(client.operation)
      const { run } = compilePlan(plan.node, { graph, fetch, mergeEntityFetches, defaults: client.defaults })
      const shape = compileShape({ ...client, schema: graph.schema })
      const checkTypes = compileVariableCheck(graph.schema, client.definition)
      const checkConditions = compileConditionCheck(client)

      return {
        weight: weigh(document, plan),
        checkVariables(variables) {
          const faults = checkTypes(variables)
          return faults.length > 0 || !checkConditions ? faults : checkConditions(variables)
        },
        async execute(variables, context) {
          return shape.toText(await run(null, variables, context), variables)
        },
        async executeToData(variables, context) {
          return shape.toData(await run(null, variables, context), variables)
        },
        describePlan: () => prettyFormatQueryPlan(graph.planner.buildQueryPlan(client.operation)),
      }
    },
  }
}
