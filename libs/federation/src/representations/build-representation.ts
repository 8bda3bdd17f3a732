import type { QueryPlanSelectionNode } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import { isJsonObject, isOfType, type JsonObject, mergeInto, readerOf, setOwn } from '../join/index.ts'

/** The parts of an object that a plan requires; null when one of them is missing. */
export function buildRepresentation(
  schema: GraphQLSchema,
  object: JsonObject,
  required: readonly QueryPlanSelectionNode[],
): JsonObject | null {
  const built: JsonObject = {}
  for (const selection of required) {
    if (selection.kind === 'Field') {
      const name = selection.alias ?? selection.name
      const value = readerOf(name)(object)
      if (value === undefined) return null
      setOwn(built, name, selection.selections ? buildNested(schema, value, selection.selections) : value)
    } else if (selection.typeCondition && isOfType(schema, object['__typename'], selection.typeCondition)) {
      // A type's own part may be missing, and the others still identify the entity.
      const part = buildRepresentation(schema, object, selection.selections)
      if (part) mergeInto(built, part)
    }
  }
  return built
}

/** Below the entity itself, what lacks a part is null. */
function buildNested(
  schema: GraphQLSchema,
  value: unknown,
  required: readonly QueryPlanSelectionNode[],
): unknown {
  if (Array.isArray(value)) return value.map((item) => buildNested(schema, item, required))
  return isJsonObject(value) ? buildRepresentation(schema, value, required) : null
}
