import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql'
import { keysOf, possibleTypes } from './cache-rules.ts'

/**
 * The types whose objects are told apart: those with a key of one field, and those with an `id`. What is remembered
 * carries their names, and what changes them drops it.
 */
export interface TaggedTypes {
  isTagged(type: GraphQLObjectType): boolean
  /** The field that tells the objects of a type apart, null where several do together. */
  keyOf(type: GraphQLObjectType): string | null
  /**
   * The tagged types that a value declared so may be or hold, without going through one into the next: a page of games
   * is about games, whether it asks for one, for none, or for their number only.
   */
  heldBy(type: GraphQLNamedType): ReadonlySet<GraphQLObjectType>
}

export function createTaggedTypes(schema: GraphQLSchema): TaggedTypes {
  const keys = new Map<GraphQLObjectType, string | null>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue
    const names = keysOf(type).flatMap(({ key }) => (key === null ? [] : [key.trim()]))
    const single = names.find((name) => name in type.getFields())
    if (single !== undefined) keys.set(type, single)
    else if (isId(type.getFields()['id'])) keys.set(type, 'id')
    else if (names.length > 0) keys.set(type, null)
  }
  const held = new Map<GraphQLNamedType, ReadonlySet<GraphQLObjectType>>()

  const collect = (
    type: GraphQLNamedType,
    into: Set<GraphQLObjectType>,
    seen: Set<GraphQLNamedType>,
  ): void => {
    for (const possible of possibleTypes(schema, type)) {
      if (seen.has(possible)) continue
      seen.add(possible)
      if (keys.has(possible)) {
        into.add(possible)
        continue
      }
      for (const field of Object.values(possible.getFields())) collect(getNamedType(field.type), into, seen)
    }
  }

  return {
    isTagged: (type) => keys.has(type),
    keyOf: (type) => keys.get(type) ?? null,
    heldBy(type) {
      let found = held.get(type)
      if (!found) {
        const into = new Set<GraphQLObjectType>()
        collect(type, into, new Set())
        held.set(type, (found = into))
      }
      return found
    },
  }
}

function isId(field: GraphQLField<unknown, unknown> | undefined): boolean {
  if (!field || !isNonNullType(field.type)) return false
  const inner: GraphQLNamedType = getNamedType(field.type)
  return isSpecifiedScalarType(inner) && inner.name === 'ID'
}
