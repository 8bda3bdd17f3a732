import { Kind, print, type TypeDefinitionNode } from 'graphql'
import { type Finding, findingAt } from './finding.ts'
import { namedType, type OwnedField, type SchemaIndex } from './schema-index.ts'

/** Every list that can grow has the same shape, so that clients page through all of them in one way. */
export function connectionFindings({ fields, types }: SchemaIndex): Finding[] {
  return [...fields.flatMap(argumentFindings), ...types.flatMap(shapeFindings)]
}

function argumentFindings({ owner, field }: OwnedField): Finding[] {
  if (!namedType(field.type).endsWith('Connection')) return []
  const given = (field.arguments ?? []).map(({ name }) => name.value)
  if (given.includes('first') && given.includes('after')) return []
  const message = `${owner}.${field.name.value} cannot be paged. Add the arguments first: Int and after: String`
  return [findingAt(field, message)]
}

function shapeFindings(type: TypeDefinitionNode): Finding[] {
  if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) return []
  const name = type.name.value
  const given = new Map(type.fields?.map((field) => [field.name.value, print(field.type)]))
  return wantedFields(name)
    .filter(({ field, types }) => !types.includes(given.get(field) ?? 'nothing'))
    .map(({ field, types }) =>
      findingAt(type, `${name} is not like the others. Write: ${field}: ${types[0]}`),
    )
}

/** The fields that the name of a type promises, each with the types it may have. */
function wantedFields(name: string): { field: string; types: string[] }[] {
  const item = /^(\w+)(Connection|Edge)$/.exec(name)
  if (item === null) return []
  return item[2] === 'Connection'
    ? [
        { field: 'edges', types: [`[${item[1]}Edge!]!`] },
        { field: 'pageInfo', types: ['PageInfo!'] },
      ]
    : [{ field: 'cursor', types: ['String!', 'Cursor!'] }]
}
