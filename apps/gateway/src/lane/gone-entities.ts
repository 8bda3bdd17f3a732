import type { SubgraphResponse } from '@courtside/subgraph'
import type { GraphQLFormattedError } from 'graphql'

type Path = readonly (string | number)[]

/** The entities to which others still refer, and which their own subgraph no longer knows; of one request. */
export interface GoneEntities {
  /** Remembers what a subgraph answered for the entities at this place of the response. */
  note(place: Path, answer: SubgraphResponse): void
  /** The holes that no gone entity left. */
  unexplained(holes: readonly GraphQLFormattedError[]): readonly GraphQLFormattedError[]
}

/**
 * Apollo tells of each hole where in the response it is, and of entities only the place that they share, such as
 * `follows.edges.@.node`. So as many entities at a place may lack fields as are gone from it. When more do, nobody
 * can say which of them a subgraph broke, and all are unexplained.
 */
export function createGoneEntities(): GoneEntities {
  const places = new Map<string, { place: Path; gone: number }>()
  return {
    note(place, { data }) {
      const entities = data?.['_entities']
      const gone = Array.isArray(entities) ? entities.filter((entity) => entity === null).length : 0
      if (gone === 0) return
      const key = place.join('.')
      places.set(key, { place, gone: (places.get(key)?.gone ?? 0) + gone })
    },
    unexplained(holes) {
      const explained = new Set<GraphQLFormattedError>()
      for (const { place, gone } of places.values()) {
        const here = holes.filter(({ path }) => path && isFieldAt(place, path))
        const entities = new Set(here.map(({ path }) => path?.slice(0, -1).join('.')))
        if (entities.size <= gone) here.forEach((hole) => explained.add(hole))
      }
      return holes.filter((hole) => !explained.has(hole))
    },
  }
}

/** Whether a path leads to a field of what is at a place. `@` is every item of a list. */
function isFieldAt(place: Path, path: Path): boolean {
  return (
    path.length === place.length + 1 &&
    place.every((step, index) => (step === '@' ? typeof path[index] === 'number' : step === path[index]))
  )
}
