import {
  type DocumentNode,
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeNode,
} from 'graphql'

/** How many steps it is from here until a second subgraph is needed, if this field is taken. */
export type Distance = (type: GraphQLNamedType, field: GraphQLField<unknown, unknown>) => number

/**
 * Most of the graph is answered by one subgraph alone, and operations drawn blindly would hardly ever leave it. So the
 * way to what needs a second subgraph is known, and taken often.
 */
export function distancesToCrossings(schema: GraphQLSchema, sdl: Readonly<Record<string, string>>): Distance {
  const crossings = new Set(Object.values(sdl).flatMap((text) => crossingsIn(parse(text))))
  const fromType = new Map<string, number>()
  const distance: Distance = (type, field) =>
    crossings.has(`${type.name}.${field.name}`)
      ? 0
      : 1 + (fromType.get(getNamedType(field.type).name) ?? Infinity)
  const composites = Object.values(schema.getTypeMap()).filter(isCompositeType)
  for (let changed = true; changed;) {
    changed = false
    for (const type of composites) {
      const steps = isAbstractType(type)
        ? schema.getPossibleTypes(type).map(({ name }) => 1 + (fromType.get(name) ?? Infinity))
        : fieldsOf(type).map((field) => distance(type, field))
      const nearest = Math.min(Infinity, ...steps)
      if (nearest >= (fromType.get(type.name) ?? Infinity)) continue
      fromType.set(type.name, nearest)
      changed = true
    }
  }
  return distance
}

export function fieldsOf(type: GraphQLNamedType): GraphQLField<unknown, unknown>[] {
  return isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : []
}

/** Fields of one subgraph whose values are of a type that another subgraph owns. */
function crossingsIn({ definitions }: DocumentNode): string[] {
  const objects = definitions.filter((definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION)
  const borrowed = new Set(objects.filter(isBorrowed).map(({ name }) => name.value))
  for (const definition of definitions) {
    if (definition.kind !== Kind.UNION_TYPE_DEFINITION) continue
    const holdsBorrowed = definition.types?.some(({ name }) => borrowed.has(name.value))
    if (holdsBorrowed) borrowed.add(definition.name.value)
  }
  return objects.flatMap(({ name, fields = [] }) =>
    fields
      .filter(({ type }) => borrowed.has(namedIn(type)))
      .map((field) => `${name.value}.${field.name.value}`),
  )
}

function isBorrowed({ directives = [] }: ObjectTypeDefinitionNode): boolean {
  return directives.some(
    ({ name, arguments: given = [] }) =>
      name.value === 'key' &&
      given.some(
        (argument) =>
          argument.name.value === 'resolvable' &&
          argument.value.kind === Kind.BOOLEAN &&
          !argument.value.value,
      ),
  )
}

function namedIn(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedIn(type.type)
}
