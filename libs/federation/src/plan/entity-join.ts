import { type GraphQLSchema, isInterfaceType } from 'graphql'
import type { FetchNode } from '@apollo/query-planner'
import { brokenAnswer, type PlaceError } from '../errors/index.ts'
import {
  compileGather,
  compileRewrites,
  findPlaces,
  isJsonObject,
  type JsonObject,
  mergeCopyInto,
  mergeInto,
  type PlanPath,
} from '../join/index.ts'
import {
  collectRepresentations,
  compileRepresentation,
  type Representations,
} from '../representations/index.ts'
import { gatherFor, type PlanRun } from './plan-run.ts'

/** What a fetch of entities does around the asking: finds whom to ask for, and puts the answers where they belong. */
export interface EntityJoin {
  /** Null when there is nobody to ask for. */
  collect<Context>(run: PlanRun<Context>): Representations | null
  join<Context>(run: PlanRun<Context>, asked: Representations, received: unknown): void
  /** Where the client sees what a subgraph reports about the entities it was asked for. */
  placesOf<Context>(run: PlanRun<Context>, asked: Representations): PlaceError
}

export function createEntityJoin(
  { serviceName: subgraph, requires = [], inputRewrites, outputRewrites }: FetchNode,
  path: PlanPath,
  schema: GraphQLSchema,
): EntityJoin {
  const gather = compileGather(path)
  const ofType = compileRepresentation({ schema, required: requires, rewrites: inputRewrites })
  const rewrite = compileRewrites(schema, outputRewrites)

  const isInterface = (name: unknown) => typeof name === 'string' && isInterfaceType(schema.getType(name))
  const joinOne = (entity: JsonObject, received: JsonObject, isFirst: boolean) => {
    const type = entity['__typename']
    if (isFirst) rewrite?.(received)
    if (isFirst) mergeInto(entity, received)
    else mergeCopyInto(entity, received)
    const named = entity['__typename']
    // An answer that names no type is of the type that was asked for. One that names an interface comes from a subgraph
    // that knows no more than that, and must not take the type away that another one told.
    if (!named || (named !== type && isInterface(named))) entity['__typename'] = type
  }

  return {
    collect(run) {
      const found = gatherFor(run, gather)
      if (found.length === 0) return null
      const representations = collectRepresentations(found, ofType)
      return representations.count > 0 ? representations : null
    },

    join(run, { count, entities, indexes }, received) {
      if (!Array.isArray(received)) {
        run.errors.push(brokenAnswer(subgraph, 'Expected "data._entities" in response to be an array'))
        return
      }
      if (received.length !== count) {
        run.errors.push(brokenAnswer(subgraph, `Expected "data._entities" to contain ${count} elements`))
        return
      }
      let joined = 0
      let odd = 0
      for (let place = 0; place < entities.length; place++) {
        const entity = entities[place] as JsonObject
        const index = indexes[place] as number
        const answer: unknown = received[index]
        // Representations are numbered in the order in which they first occur.
        const isFirst = index === joined
        if (isFirst) joined++
        if (isJsonObject(answer)) joinOne(entity, answer, isFirst)
        else if (answer === null || answer === undefined) (run.gone ??= new Set()).add(entity)
        else if (isFirst) odd++
      }
      if (odd > 0) {
        run.errors.push(
          brokenAnswer(subgraph, `Expected "data._entities" to contain objects, and ${odd} are none`),
        )
      }
    },

    placesOf(run, { entities, indexes }) {
      let places: ReturnType<typeof findPlaces> | undefined
      return (own) => {
        const [, index, ...rest] = own
        if (typeof index !== 'number') return [[...path, ...own]]
        places ??= findPlaces(run.data ?? {}, path)
        const known = places
        const here = entities.filter((_, place) => indexes[place] === index)
        if (here.length === 0) return [rest]
        return here.map((entity) => [...(known.get(entity) ?? []), ...rest])
      }
    },
  }
}
