import type { FetchNode } from '@apollo/query-planner'
import { brokenAnswer, toClientErrors } from '../errors/index.ts'
import { compileVariablePicker, REPRESENTATIONS, type SubgraphAnswer, toTemplate } from '../fetch/index.ts'
import type { PlanPath } from '../join/index.ts'
import type { Representations } from '../representations/index.ts'
import { createEntityJoin, type EntityJoin } from './entity-join.ts'
import type { PlanRun, Step, StepOptions } from './plan-run.ts'

/** A fetch of entities, in the halves that a merged fetch takes apart. */
export interface EntityFetch<Context> {
  readonly node: FetchNode
  readonly entityJoin: EntityJoin
  ask(run: PlanRun<Context>, asked: Representations): Promise<unknown> | undefined
}

export function compileEntityFetch<Context>(
  node: FetchNode,
  path: PlanPath,
  { fetch, supergraphSchema }: StepOptions<Context>,
): EntityFetch<Context> {
  const subgraph = node.serviceName
  const template = toTemplate(node)
  const usages = node.variableUsages ?? []
  const pick = compileVariablePicker(usages)
  const nameIsTaken = usages.includes(REPRESENTATIONS)
  const entityJoin = createEntityJoin(node, path, supergraphSchema)

  const take = (run: PlanRun<Context>, asked: Representations, { data, errors }: SubgraphAnswer) => {
    if (errors) run.errors.push(...toClientErrors(subgraph, errors, entityJoin.placesOf(run, asked)))
    if (data) entityJoin.join(run, asked, data['_entities'])
  }

  return {
    node,
    entityJoin,
    ask(run, asked) {
      const variables = pick(run.variables)
      if (nameIsTaken && Object.hasOwn(variables, REPRESENTATIONS)) {
        run.errors.push(brokenAnswer(subgraph, `Variables cannot contain key "${REPRESENTATIONS}"`))
        return undefined
      }
      const request = { template, variables, representations: asked.text }
      return fetch(subgraph, request, run.context).then((answer) => take(run, asked, answer))
    },
  }
}

export function toStep<Context>({ entityJoin, ask }: EntityFetch<Context>): Step<Context> {
  return (run) => {
    const asked = entityJoin.collect(run)
    return asked ? ask(run, asked) : undefined
  }
}
