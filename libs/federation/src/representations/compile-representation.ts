import type { FetchDataRewrite, QueryPlanFieldNode, QueryPlanSelectionNode } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import { compileRewrites, isOfType, type JsonObject, readerOf } from '../join/index.ts'
import { buildRepresentation } from './build-representation.ts'
import { jsonText } from './json-text.ts'

/** How the entities of one type are represented: the JSON text of what a subgraph must know to find one. */
export interface TypeRepresentation {
  /** What tells one entity from the others of its type; undefined when it lacks a part of its representation. */
  identify(entity: JsonObject): unknown
  /** The text for what has been told apart. */
  write(identity: unknown): string
}

/** By the name of a type. */
export type RepresentType = (type: unknown) => TypeRepresentation

export interface RepresentationOptions {
  schema: GraphQLSchema
  required: readonly QueryPlanSelectionNode[]
  rewrites: readonly FetchDataRewrite[] | undefined
}

/**
 * What is required is resolved once for each type that comes by. Nearly always it is a few scalars of one type, whose
 * text is put together directly; all else is built as an object first.
 */
export function compileRepresentation({ schema, required, rewrites }: RepresentationOptions): RepresentType {
  const rewrite = compileRewrites(schema, rewrites)
  const careful = byText((entity) => {
    const built = buildRepresentation(schema, entity, required)
    if (!built?.['__typename']) return undefined
    rewrite?.(built)
    return JSON.stringify(built)
  })
  if (rewrite) return () => careful

  const byType = new Map<unknown, TypeRepresentation>()
  return (type) => {
    const known = byType.get(type)
    if (known) return known
    const fields = typeof type === 'string' ? fieldsOf(schema, required, type) : null
    const representation = (fields && ofScalars(String(type), fields)) ?? careful
    // A subgraph may invent types without end; only those of the schema are remembered.
    if (typeof type === 'string' && schema.getType(type)) byType.set(type, representation)
    return representation
  }
}

/** The fields required of a type, when there is a single part that asks for any. */
function fieldsOf(
  schema: GraphQLSchema,
  required: readonly QueryPlanSelectionNode[],
  type: string,
): readonly QueryPlanFieldNode[] | null {
  const parts = required.filter(
    (part) => part.kind === 'Field' || (part.typeCondition && isOfType(schema, type, part.typeCondition)),
  )
  const [part] = parts
  const selections = parts.length === 1 && part?.kind === 'InlineFragment' ? part.selections : []
  const fields = selections.filter((selection) => selection.kind === 'Field')
  return fields.length === selections.length ? fields : null
}

const TYPENAME = '__typename'

function ofScalars(type: string, fields: readonly QueryPlanFieldNode[]): TypeRepresentation | null {
  const isPlain = fields.every(({ selections, alias }) => !selections && alias === undefined)
  const names = new Set(fields.map(({ name }) => name))
  if (!isPlain || !names.delete(TYPENAME) || names.size !== fields.length - 1) return null
  const parts = [...names].map((name) => ({ key: `,${JSON.stringify(name)}:`, read: readerOf(name) }))
  const start = `{"${TYPENAME}":${JSON.stringify(type)}`
  const [first, ...others] = parts
  if (first && others.length === 0) {
    // By far the most: the value of the one key field tells entities apart before any text is made.
    const prefix = start + first.key
    return { identify: first.read, write: (value) => `${prefix}${jsonText(value)}}` }
  }
  return byText((entity) => {
    let text = start
    for (const { key, read } of parts) {
      const value = read(entity)
      if (value === undefined) return undefined
      text += key + jsonText(value)
    }
    return text + '}'
  })
}

function byText(identify: (entity: JsonObject) => string | undefined): TypeRepresentation {
  return { identify, write: String }
}
