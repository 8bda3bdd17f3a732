import {
  type DocumentNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { type CacheRules, possibleTypes } from './cache-rules.ts'
import { fragmentsOf } from './selections.ts'
import type { TaggedTypes } from './tagged-types.ts'
import { entityTag, type Tag, typeTag, unnamedEntityTag } from './tags.ts'

/** Names what the answers of one operation are about. */
export interface AnswerTags {
  /** About how many bytes this holds. */
  readonly weight: number
  /** Null when there are more than `most`: such an answer would cost more to look after than it saves. */
  of(data: unknown, most: number): readonly Tag[] | null
}

/** One place in the response, with all the fragments that speak of it laid over each other. */
interface Place {
  /** The tagged types that can stand here, with the response names under which their key may be. */
  readonly keys: Map<GraphQLObjectType, Set<string>>
  readonly inner: Map<string, Place>
}

const PLACE_BYTES = 600

/** Walks the operation once; each answer is then walked beside the places that hold something. */
export function answerTagsOf(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  rules: CacheRules,
  tagged: TaggedTypes,
): AnswerTags {
  const fragments = fragmentsOf(document, rules.schema)
  const types = new Set<Tag>()
  let places = 0
  const root = createPlace()
  const rootType = rules.schema.getRootType(operation.operation)
  if (rootType) lay(operation.selectionSet, [rootType], root)

  return {
    weight: places * PLACE_BYTES,
    of(data, most) {
      const tags = new Set<Tag>(types)
      return note(data, root, tags, most) ? [...tags] : null
    },
  }

  function createPlace(): Place {
    places += 1
    return { keys: new Map(), inner: new Map() }
  }

  function lay(set: SelectionSetNode, possible: readonly GraphQLObjectType[], place: Place): void {
    for (const selection of set.selections) {
      if (selection.kind !== Kind.FIELD) {
        const inner = fragments.setOf(selection)
        if (inner) lay(inner, fragments.narrow(possible, selection), place)
        continue
      }
      const name = selection.name.value
      const response = (selection.alias ?? selection.name).value
      for (const type of possible) {
        const field = type.getFields()[name]
        if (!field) continue
        if (tagged.keyOf(type) === name) place.keys.get(type)?.add(response)
        if (selection.selectionSet)
          layInner(selection.selectionSet, getNamedType(field.type), response, place)
      }
    }
  }

  function layInner(set: SelectionSetNode, type: GraphQLNamedType, response: string, place: Place): void {
    for (const held of tagged.heldBy(type)) types.add(typeTag(held.name))
    let inner = place.inner.get(response)
    if (!inner) place.inner.set(response, (inner = createPlace()))
    const possible = possibleTypes(rules.schema, type)
    for (const one of possible) {
      if (tagged.isTagged(one) && !inner.keys.has(one)) inner.keys.set(one, new Set())
    }
    lay(set, possible, inner)
  }
}

/** False when there are too many. Where several types can stand, the object is noted as each of them. */
function note(value: unknown, place: Place, tags: Set<Tag>, most: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every((item) => note(item, place, tags, most))
  const object = value as Readonly<Record<string, unknown>>
  for (const [type, responses] of place.keys) {
    const id = [...responses].map((response) => own(object, response)).find(isKey)
    tags.add(id === undefined ? unnamedEntityTag(type.name) : entityTag(type.name, id))
  }
  if (tags.size > most) return false
  for (const [response, inner] of place.inner) {
    if (!note(own(object, response), inner, tags, most)) return false
  }
  return true
}

/** A response name may be `__proto__` or `constructor`, which every object has by birth. */
function own(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

function isKey(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}
