import type { FetchDataRewrite, QueryPlanFieldNode, QueryPlanSelectionNode } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import { compileRewrites, isOfType, type JsonObject, readerOf } from '../join/index.ts'
import { buildRepresentation } from './build-representation.ts'
import { jsonText } from './json-text.ts'

/** The JSON text of what a subgraph must know to find an entity; null when the entity lacks a part of it. */
export type Represent = (entity: JsonObject) => string | null

export interface RepresentationOptions {
  schema: GraphQLSchema
  required: readonly QueryPlanSelectionNode[]
  rewrites: readonly FetchDataRewrite[] | undefined
}

/**
 * What is required is resolved once for each type that comes by. Nearly always it is a few scalars of one type, whose
 * text is put together directly; all else is built as an object first.
 */
export function compileRepresentation({ schema, required, rewrites }: RepresentationOptions): Represent {
  const rewrite = compileRewrites(schema, rewrites)
  const careful: Represent = (entity) => {
    const built = buildRepresentation(schema, entity, required)
    if (!built?.['__typename']) return null
    rewrite?.(built)
    return JSON.stringify(built)
  }
  if (rewrite) return careful

  const byType = new Map<unknown, Represent>()
  const representOf = (type: unknown): Represent => {
    const fields = fieldsOf(schema, required, type)
    const represent = (fields && ofScalars(fields)) ?? careful
    // A subgraph may invent types without end; only those of the schema are remembered.
    if (typeof type === 'string' && schema.getType(type)) byType.set(type, represent)
    return represent
  }
  return (entity) => {
    const type = entity['__typename']
    if (!type) return null
    return (byType.get(type) ?? representOf(type))(entity)
  }
}

/** The fields required of a type, when there is a single part that asks for any. */
function fieldsOf(
  schema: GraphQLSchema,
  required: readonly QueryPlanSelectionNode[],
  type: unknown,
): readonly QueryPlanFieldNode[] | null {
  const parts = required.filter(
    (part) => part.kind === 'Field' || (part.typeCondition && isOfType(schema, type, part.typeCondition)),
  )
  const [part] = parts
  const selections = parts.length === 1 && part?.kind === 'InlineFragment' ? part.selections : []
  const fields = selections.filter((selection) => selection.kind === 'Field')
  return fields.length === selections.length ? fields : null
}

function ofScalars(fields: readonly QueryPlanFieldNode[]): Represent | null {
  const names = fields.map(({ alias, name }) => alias ?? name)
  const isPlain = fields.every(({ selections }) => !selections) && new Set(names).size === names.length
  if (!isPlain || !names.includes('__typename')) return null
  const parts = names.map((name, index) => ({
    key: `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`,
    read: readerOf(name),
  }))
  return (entity) => {
    let text = ''
    for (const { key, read } of parts) {
      const value = read(entity)
      if (value === undefined) return null
      text += key + jsonText(value)
    }
    return text + '}'
  }
}
