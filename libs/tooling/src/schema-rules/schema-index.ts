import {
  type DocumentNode,
  type FieldDefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type TypeDefinitionNode,
  type TypeExtensionNode,
  type TypeNode,
} from 'graphql'

/** A field together with the name of the type it belongs to. */
export interface OwnedField {
  owner: string
  field: FieldDefinitionNode
}

/** The parts of an SDL document that the rules ask for. */
export interface SchemaIndex {
  /** Every field of every object type and interface, extensions included. */
  fields: OwnedField[]
  /** The types that this document defines. */
  types: TypeDefinitionNode[]
  kindOf(typeName: string): TypeDefinitionNode['kind'] | undefined
  /** The fields of a type, those of its extensions included. */
  fieldsOf(typeName: string): FieldDefinitionNode[]
}

/** Types whose values have fields. */
export const COMPOSITE: string[] = [
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.UNION_TYPE_DEFINITION,
]

export const ROOT_TYPES = ['Query', 'Mutation', 'Subscription']

export function indexSchema(document: DocumentNode): SchemaIndex {
  const types = document.definitions.filter(isTypeDefinitionNode)
  const kinds = new Map(types.map((type) => [type.name.value, type.kind]))
  const withFields = document.definitions.filter(
    (node) => isTypeDefinitionNode(node) || isTypeExtensionNode(node),
  )
  const fields = withFields.flatMap(fieldsOf)
  const byOwner = Map.groupBy(fields, ({ owner }) => owner)
  return {
    fields,
    types,
    kindOf: (name) => kinds.get(name),
    fieldsOf: (name) => (byOwner.get(name) ?? []).map(({ field }) => field),
  }
}

function fieldsOf(type: TypeDefinitionNode | TypeExtensionNode): OwnedField[] {
  const fields = 'fields' in type ? (type.fields ?? []) : []
  return fields
    .filter((field) => field.kind === Kind.FIELD_DEFINITION)
    .map((field) => ({ owner: type.name.value, field }))
}

export function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type)
}

/** The list in a type, however it is wrapped, or undefined. */
export function listIn(type: TypeNode): Extract<TypeNode, { kind: Kind.LIST_TYPE }> | undefined {
  if (type.kind === Kind.LIST_TYPE) return type
  return type.kind === Kind.NON_NULL_TYPE ? listIn(type.type) : undefined
}
