import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql'

/** Arguments for a field, by its coordinate; undefined for a field that is asked without any. */
export type ArgumentsOf = (coordinate: string) => Readonly<Record<string, unknown>> | undefined

/**
 * Documents that ask for all there is: every field beneath a field, however deep, until a type comes round again. What
 * is added to the schema is in them the day it is added.
 */
export function createWholeDocuments(schema: GraphQLSchema, argumentsOf: ArgumentsOf) {
  const ask = (
    owner: GraphQLNamedType,
    field: GraphQLField<unknown, unknown>,
    path: readonly string[],
  ): string => {
    const given = argumentsOf(`${owner.name}.${field.name}`)
    if (given === undefined && field.args.some(isRequiredArgument)) {
      throw new Error(`Say in the table of attacks with which arguments to ask ${owner.name}.${field.name}`)
    }
    const selection = select(getNamedType(field.type), path)
    if (selection === null) return ''
    return `${field.name}${given === undefined ? '' : toArguments(given)} ${selection}`
  }

  const select = (type: GraphQLNamedType, path: readonly string[]): string | null => {
    if (!isCompositeType(type)) return ''
    if (path.includes(type.name)) return null
    const below = [...path, type.name]
    if (isUnionType(type)) {
      // Members may have fields of one name and different types; each answers under a name of its own.
      const members = type
        .getTypes()
        .map((member) => `... on ${member.name} {${fieldsOf(member, below, member.name)}}`)
      return `{ __typename ${members.join(' ')} }`
    }
    return isObjectType(type) ? `{ __typename ${fieldsOf(type, below)} }` : '{ __typename }'
  }

  const fieldsOf = (type: GraphQLObjectType, path: readonly string[], alias?: string): string =>
    Object.values(type.getFields())
      .map((field) => ask(type, field, path))
      .filter((text) => text !== '')
      .map((text) => (alias === undefined ? text : `${alias}_${text.split(/\W/, 1)[0]}: ${text}`))
      .join(' ')

  return {
    /** For `Query.x` or `Mutation.x`. */
    ofRootField(root: 'Query' | 'Mutation', name: string): string {
      const type = schema.getType(root)
      const field = isObjectType(type) ? type.getFields()[name] : undefined
      if (!type || !field) throw new Error(`There is no ${root}.${name}`)
      return `${root.toLowerCase()} { ${ask(type, field, [])} }`
    },
    /** For one field of an entity, or all of them, as another subgraph may ask. */
    ofEntity(typename: string, id: string, only?: string): string {
      const type = schema.getType(typename)
      if (!isObjectType(type)) throw new Error(`There is no type ${typename}`)
      const one = only === undefined ? undefined : type.getFields()[only]
      const fields = one ? ask(type, one, [typename]) : fieldsOf(type, [typename])
      const representation = `{ __typename: "${typename}", id: "${id}" }`
      return `query { _entities(representations: [${representation}]) { ... on ${typename} { __typename ${fields} } } }`
    },
  }
}

function toArguments(given: Readonly<Record<string, unknown>>): string {
  const list = Object.entries(given).map(([name, value]) => `${name}: ${toLiteral(value)}`)
  return list.length === 0 ? '' : `(${list.join(', ')})`
}

/** Text in upper case alone is meant as a value of an enum. */
function toLiteral(value: unknown): string {
  if (typeof value === 'string') return /^[A-Z_]+$/.test(value) ? value : JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(toLiteral).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, inner]) => `${name}: ${toLiteral(inner)}`)
      .join(', ')} }`
  }
  return JSON.stringify(value)
}
