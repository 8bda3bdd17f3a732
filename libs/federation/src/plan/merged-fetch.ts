import { toClientErrors } from '../errors/index.ts'
import { compileVariablePicker, type SubgraphAnswer } from '../fetch/index.ts'
import { isJsonObject } from '../join/index.ts'
import type { Representations } from '../representations/index.ts'
import type { EntityFetch } from './entity-fetch.ts'
import { mergeTemplates, type MergedTemplate } from './merged-template.ts'
import type { PlanRun, Step, StepOptions } from './plan-run.ts'

type Part<Context> = EntityFetch<Context>

/** Several fetches of entities from one subgraph as one request. Null where they cannot be one. */
export function compileMergedFetch<Context>(
  parts: readonly Part<Context>[],
  { fetch }: StepOptions<Context>,
): Step<Context> | null {
  const merged = mergeTemplates(parts.map(({ node }) => node))
  const subgraph = parts[0]?.node.serviceName
  if (!merged || subgraph === undefined) return null
  const { template, lists, variableUsages } = merged
  const pick = compileVariablePicker(variableUsages)

  return (run) => {
    const asked = parts.map(({ entityJoin }) => entityJoin.collect(run))
    const busy = parts.filter((_, index) => asked[index])
    const [only] = busy
    if (!only) return undefined
    // Alone, it is better asked in its own words.
    if (busy.length === 1) return askAlone(run, only, asked[parts.indexOf(only)] ?? null)
    const texts = asked.map((representations) => representations?.text ?? '[]')
    const [representations = '[]'] = texts
    const furtherRepresentations: Record<string, string> = {}
    for (let index = 1; index < texts.length; index++) {
      furtherRepresentations[lists[index] ?? ''] = texts[index] ?? '[]'
    }
    const request = { template, variables: pick(run.variables), representations, furtherRepresentations }
    return fetch(subgraph, request, run.context).then((answer) =>
      takeApart(run, parts, asked, merged, answer),
    )
  }
}

function askAlone<Context>(run: PlanRun<Context>, part: Part<Context>, asked: Representations | null) {
  return asked ? part.ask(run, asked) : undefined
}

function takeApart<Context>(
  run: PlanRun<Context>,
  parts: readonly Part<Context>[],
  asked: readonly (Representations | null)[],
  { aliases }: MergedTemplate,
  { data, errors }: SubgraphAnswer,
): void {
  parts.forEach(({ node, entityJoin }, index) => {
    const representations = asked[index]
    if (!representations) return
    const alias = aliases[index] ?? ''
    if (errors) {
      const own = data ? errorsOf(alias, aliases, errors) : errorsWithoutData(alias, aliases, errors)
      run.errors.push(...toClientErrors(node.serviceName, own, entityJoin.placesOf(run, representations)))
    }
    if (data) entityJoin.join(run, representations, data[alias])
  })
}

/** The errors of one part, as if it had been asked alone. What is said of no part is said of each. */
function errorsOf(alias: string, aliases: readonly string[], errors: unknown): unknown {
  if (!Array.isArray(errors)) return errors
  return errors.flatMap((error: unknown): unknown[] => {
    const reported = isJsonObject(error) ? error : {}
    const path: unknown[] = Array.isArray(reported['path']) ? reported['path'] : []
    const [first, ...rest] = path
    if (first === alias) return [{ ...reported, path: ['_entities', ...rest] }]
    return aliases.includes(String(first)) ? [] : [error]
  })
}

/**
 * One part that fails as a whole takes the others with it: then they lack their data for its reason. One of its errors
 * says so; the places of the others are none of theirs.
 */
function errorsWithoutData(alias: string, aliases: readonly string[], errors: unknown): unknown {
  const own = errorsOf(alias, aliases, errors)
  if (!Array.isArray(errors) || !Array.isArray(own) || own.length > 0) return own
  return errors
    .slice(0, 1)
    .map((error: unknown) => (isJsonObject(error) ? { ...error, path: undefined } : error))
}
