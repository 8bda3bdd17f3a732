import type { PlanNode, SubscriptionNode } from '@apollo/query-planner'
import type { SubgraphFetch, Variables } from '../fetch/index.ts'
import type { FederatedGraph } from '../graph/index.ts'
import type { Joined, JsonObject } from '../join/index.ts'
import { compileNode } from './compile-plan.ts'
import type { PlanRun } from './plan-run.ts'

export interface PlanOptions<Context> {
  graph: FederatedGraph
  fetch: SubgraphFetch<Context>
  mergeEntityFetches: boolean
  /** What conditions are when the client does not say. */
  defaults: ReadonlyMap<string, boolean>
}

export interface CompiledPlan<Context> {
  /** Runs on what is known already, such as the event of a subscription, and joins into it; null when nothing is. */
  run(data: JsonObject | null, variables: Variables, context: Context): Promise<Joined>
}

/** Makes a plan, or the part of one that follows on data that is there, ready to be run any number of times. */
export function compilePlan<Context>(
  node: PlanNode | SubscriptionNode | undefined,
  { graph, fetch, mergeEntityFetches, defaults }: PlanOptions<Context>,
): CompiledPlan<Context> {
  const { supergraphSchema } = graph
  const step = node && compileNode(node, [], { supergraphSchema, fetch, mergeEntityFetches, defaults })
  return {
    async run(data, variables, context) {
      const run: PlanRun<Context> = { data, variables, context, errors: [], gone: null }
      await step?.(run)
      return run
    },
  }
}
