import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isIntrospectionType,
  isSpecifiedScalarType,
  printType,
} from 'graphql'

/**
 * The SDL that clients see, ordered so that a change to the graph is a small change to the file: operations first,
 * then types by name; fields stay as their subgraph orders them.
 */
export function toApiSdl(schema: GraphQLSchema): string {
  const operations: GraphQLNamedType[] = [
    schema.getQueryType(),
    schema.getMutationType(),
    schema.getSubscriptionType(),
  ].filter((type) => type != null)
  const others = Object.values(schema.getTypeMap())
    .filter(
      (type) => !operations.includes(type) && !isIntrospectionType(type) && !isSpecifiedScalarType(type),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return `${[...operations, ...others].map(printType).join('\n\n')}\n`
}
