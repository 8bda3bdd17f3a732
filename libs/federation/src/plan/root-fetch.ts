import type { FetchNode } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import { toClientErrors } from '../errors/index.ts'
import { compileVariablePicker, type SubgraphAnswer, toTemplate } from '../fetch/index.ts'
import {
  compileGather,
  compileRewrites,
  isJsonObject,
  type JsonObject,
  mergeCopyInto,
  mergeInto,
  type PlanPath,
} from '../join/index.ts'
import { gatherFor, joinAtRoot, type PlanRun, type Step, type StepOptions } from './plan-run.ts'

/** A fetch of root fields. It stands at the root, or below where a field gives the root type again. */
export function compileRootFetch<Context>(
  node: FetchNode,
  path: PlanPath,
  options: StepOptions<Context>,
): Step<Context> {
  const { fetch, supergraphSchema } = options
  const subgraph = node.serviceName
  const template = toTemplate(node)
  const pick = compileVariablePicker(node.variableUsages ?? [])
  const takeData = compileRootAnswer(node, path, supergraphSchema)

  const ask = (run: PlanRun<Context>, join: (data: JsonObject) => void) => {
    const request = { template, variables: pick(run.variables), representations: null }
    return fetch(subgraph, request, run.context).then((answer) => {
      const data = takeData(run, answer)
      if (data) join(data)
    })
  }

  if (path.length === 0) return (run) => ask(run, (data) => joinAtRoot(run, data))
  const gather = compileGather(path)
  return (run) => {
    const [first, ...others] = gatherFor(run, gather)
    if (!first) return undefined
    return ask(run, (data) => {
      for (const other of others) mergeCopyInto(other, data)
      mergeInto(first, data)
    })
  }
}

/** Makes what takes an answer about root fields: its errors into the run; its data, as the plan goes on with them. */
export function compileRootAnswer(
  { serviceName: subgraph, outputRewrites }: FetchNode,
  path: PlanPath,
  schema: GraphQLSchema,
): (run: Pick<PlanRun<unknown>, 'errors'>, answer: SubgraphAnswer) => JsonObject | null {
  const rewrite = compileRewrites(schema, outputRewrites)
  const placesOf = (own: PlanPath) => [[...path, ...own]]
  return ({ errors }, answer) => {
    if (answer.errors) errors.push(...toClientErrors(subgraph, answer.errors, placesOf))
    const { data } = answer
    if (!isJsonObject(data)) return null
    rewrite?.(data)
    return data
  }
}
