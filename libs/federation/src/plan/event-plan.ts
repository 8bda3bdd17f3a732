import type { SubscriptionNode } from '@apollo/query-planner'
import {
  compileVariablePicker,
  type FetchRequest,
  type SubgraphAnswer,
  toTemplate,
  type Variables,
} from '../fetch/index.ts'
import type { Joined } from '../join/index.ts'
import { assertSupported, compileNode } from './compile-plan.ts'
import type { PlanRun, StepOptions } from './plan-run.ts'
import { compileRootAnswer } from './root-fetch.ts'

/** The plan of a subscription: one subgraph tells its events, and others add to each of them. */
export interface EventPlan<Context> {
  readonly subgraph: string
  /** What opens it in its subgraph. */
  request(variables: Variables): FetchRequest
  /** Waits for nothing where nobody adds to the event. What the subgraph told becomes part of what is joined. */
  run(event: SubgraphAnswer, variables: Variables, context: Context): Joined | Promise<Joined>
}

export function compileEventPlan<Context>(
  { primary, rest }: SubscriptionNode,
  options: StepOptions<Context>,
): EventPlan<Context> {
  assertSupported(primary)
  const template = toTemplate(primary)
  const pick = compileVariablePicker(primary.variableUsages ?? [])
  const takeData = compileRootAnswer(primary, [], options.supergraphSchema)
  const step = rest && compileNode(rest, [], options)
  return {
    subgraph: primary.serviceName,
    request: (variables) => ({ template, variables: pick(variables), representations: null }),
    run(event, variables, context) {
      const run: PlanRun<Context> = { data: null, variables, context, errors: [], gone: null }
      run.data = takeData(run, event)
      const running = step?.(run)
      return running ? running.then(() => run) : run
    },
  }
}
