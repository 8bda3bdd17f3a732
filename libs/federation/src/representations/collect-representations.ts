import type { JsonObject } from '../join/index.ts'
import type { Represent } from './compile-representation.ts'

/** The representations of some entities, each written once however many entities look the same. */
export interface Representations {
  /** The JSON text of the list. */
  readonly text: string
  readonly count: number
  /** The entities that have one. */
  readonly entities: readonly JsonObject[]
  /** For each of these entities, which representation is its. New ones come in order: 0, 1, 0, 2. */
  readonly indexes: readonly number[]
}

export function collectRepresentations(
  found: readonly JsonObject[],
  represent: Represent,
  /** Whether entities of different types must be kept apart even where they are represented alike. */
  byType: boolean,
): Representations {
  const entities: JsonObject[] = []
  const indexes: number[] = []
  const known = new Map<string, number>()
  let text = ''
  for (const entity of found) {
    const own = represent(entity)
    if (own === null) continue
    const key = byType ? `${String(entity['__typename'])} ${own}` : own
    let index = known.get(key)
    if (index === undefined) {
      index = known.size
      known.set(key, index)
      text += index === 0 ? own : ',' + own
    }
    entities.push(entity)
    indexes.push(index)
  }
  return { text: `[${text}]`, count: known.size, entities, indexes }
}
