import { buildSubgraphSchema } from '@apollo/subgraph'
import { readTypeDefs } from '@courtside/subgraph'
import {
  getNamedType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql'

/** What a generated operation puts where the schema asks for a scalar; undefined leaves an optional one out. */
export type ScalarValue = (scalar: string, path: readonly string[], isRequired: boolean) => unknown

/** The schema of this subgraph, as its process serves it. */
export const statsSchema = (): GraphQLSchema =>
  buildSubgraphSchema([{ typeDefs: parse(readTypeDefs(new URL('..', import.meta.url))) }])

export const rootFields = (schema: GraphQLSchema, kind: 'Query' | 'Mutation') =>
  Object.values((schema.getType(kind) as GraphQLObjectType).getFields()).filter(
    ({ name }) => !name.startsWith('_'),
  )

/** A document for one root field, with every argument as a variable, and the smallest selection that there is. */
export function operationOn(
  schema: GraphQLSchema,
  kind: 'Query' | 'Mutation',
  name: string,
  valueOf: ScalarValue,
) {
  const field = (schema.getType(kind) as GraphQLObjectType).getFields()[name]
  if (!field) throw new Error(`There is no ${kind}.${name}`)
  const variables = Object.fromEntries(
    field.args.flatMap((argument) => {
      const value = toValue(argument.type, valueOf, [argument.name], false)
      return value === undefined ? [] : [[argument.name, value]]
    }),
  )
  const declared = field.args.map((argument) => `$${argument.name}: ${String(argument.type)}`).join(', ')
  const passed = field.args.map((argument) => `${argument.name}: $${argument.name}`).join(', ')
  const selection = selectionOf(getNamedType(field.type) as GraphQLObjectType)
  return {
    document: `${kind.toLowerCase()} (${declared}) { ${name}(${passed}) ${selection} }`.replaceAll('()', ''),
    variables,
  }
}

function toValue(
  type: GraphQLInputType,
  valueOf: ScalarValue,
  path: readonly string[],
  isRequired: boolean,
): unknown {
  if (isNonNullType(type)) return toValue(type.ofType, valueOf, path, true)
  if (isListType(type)) {
    const item = toValue(type.ofType, valueOf, path, isRequired)
    return item === undefined ? undefined : [item]
  }
  if (isEnumType(type)) return isRequired ? type.getValues()[0]?.name : undefined
  if (!isInputObjectType(type)) return valueOf(type.name, path, isRequired)
  return Object.fromEntries(
    Object.values(type.getFields()).flatMap((field) => {
      const value = toValue(field.type, valueOf, [...path, field.name], false)
      return value === undefined ? [] : [[field.name, value]]
    }),
  )
}

/** A leaf of the type, or of the first of its fields that has one. */
function selectionOf(type: GraphQLObjectType): string {
  if (!isObjectType(type)) return ''
  const fields = Object.values(type.getFields()).filter(({ args }) =>
    args.every((argument) => !isNonNullType(argument.type)),
  )
  const leaf = fields.find((field) => isLeafType(getNamedType(field.type)))
  if (leaf) return `{ ${leaf.name} }`
  const [field] = fields
  return field ? `{ ${field.name} ${selectionOf(getNamedType(field.type) as GraphQLObjectType)} }` : ''
}
