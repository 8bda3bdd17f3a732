import type { GraphQLFormattedError, GraphQLSchema } from 'graphql'
import type { SubgraphFetch, Variables } from '../fetch/index.ts'
import { type Gathered, type JsonObject, mergeInto } from '../join/index.ts'
import { brokenData } from '../errors/index.ts'

/** One run of a plan: what came of it so far. */
export interface PlanRun<Context> {
  /** Joined from all answers; null before the first. */
  data: JsonObject | null
  readonly variables: Variables
  readonly context: Context
  readonly errors: GraphQLFormattedError[]
  /** Entities that a subgraph was asked for and does not know; null as long as there are none. */
  gone: Set<object> | null
}

/** A part of a plan, ready to be run. What has nothing to wait for gives nothing to wait for. */
export type Step<Context> = (run: PlanRun<Context>) => Promise<unknown> | undefined

export interface StepOptions<Context> {
  supergraphSchema: GraphQLSchema
  fetch: SubgraphFetch<Context>
  mergeEntityFetches: boolean
  /** What a condition is when the client says nothing. */
  defaults: ReadonlyMap<string, boolean>
}

/** The first answer becomes the data itself: nothing is copied where nothing has to be joined. */
export function joinAtRoot<Context>(run: PlanRun<Context>, data: JsonObject): void {
  if (run.data === null) run.data = data
  else mergeInto(run.data, data)
}

/** What stands where a step goes to work. Data that bars the way is somebody's fault, and is reported as one. */
export function gatherFor<Context>(
  run: PlanRun<Context>,
  gather: (data: JsonObject) => Gathered,
): readonly JsonObject[] {
  if (run.data === null) return []
  const { found, misfit } = gather(run.data)
  if (misfit !== null) run.errors.push(brokenData(misfit))
  return found
}
