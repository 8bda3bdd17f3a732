import type { PlanNode, SubscriptionNode } from '@apollo/query-planner'
import type { Variables } from '../fetch/index.ts'
import type { Joined } from '../join/index.ts'
import { compileNode } from './compile-plan.ts'
import type { PlanRun, StepOptions } from './plan-run.ts'

export interface CompiledPlan<Context> {
  run(variables: Variables, context: Context): Promise<Joined>
}

/** Makes a plan ready to be run any number of times. */
export function compilePlan<Context>(
  node: PlanNode | SubscriptionNode | undefined,
  options: StepOptions<Context>,
): CompiledPlan<Context> {
  const step = node && compileNode(node, [], options)
  return {
    async run(variables, context) {
      const run: PlanRun<Context> = { data: null, variables, context, errors: [], gone: null }
      await step?.(run)
      return run
    },
  }
}
