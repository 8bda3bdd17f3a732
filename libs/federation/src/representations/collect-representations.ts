import type { JsonObject } from '../join/index.ts'
import type { RepresentType, TypeRepresentation } from './compile-representation.ts'

/** The representations of some entities, each written once however many entities of a type look the same. */
export interface Representations {
  /** The JSON text of the list. */
  readonly text: string
  readonly count: number
  /** The entities that have one. */
  readonly entities: readonly JsonObject[]
  /** For each of these entities, which representation is its. New ones come in order: 0, 1, 0, 2. */
  readonly indexes: readonly number[]
}

interface Kind {
  type: unknown
  representation: TypeRepresentation
  indexes: Map<unknown, number>
}

export function collectRepresentations(found: readonly JsonObject[], ofType: RepresentType): Representations {
  const entities: JsonObject[] = []
  const indexes: number[] = []
  let text = '['
  let count = 0
  // Nearly always there is one type, and entities of one type mostly come together.
  const kinds = new Map<unknown, Kind>()
  let kind: Kind | undefined
  for (const entity of found) {
    const type = entity['__typename']
    if (!type) continue
    if (kind?.type !== type) {
      kind = kinds.get(type)
      if (!kind) {
        kind = { type, representation: ofType(type), indexes: new Map() }
        kinds.set(type, kind)
      }
    }
    const identity = kind.representation.identify(entity)
    if (identity === undefined) continue
    let index = kind.indexes.get(identity)
    if (index === undefined) {
      index = count++
      kind.indexes.set(identity, index)
      if (index > 0) text += ','
      text += kind.representation.write(identity)
    }
    entities.push(entity)
    indexes.push(index)
  }
  return { text: text + ']', count, entities, indexes }
}
