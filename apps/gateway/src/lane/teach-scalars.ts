import { CUSTOM_SCALARS } from '@courtside/subgraph'
import { type GraphQLSchema, isScalarType } from 'graphql'

/**
 * A supergraph names its scalars and no more, so a schema made from it takes anything for a date, and the subgraph's
 * refusal would come too late to be told from a fault of ours. This teaches the schema what each takes. It only
 * judges: subgraphs are sent what the client wrote, and read it with the same code.
 */
export function teachScalars(schema: GraphQLSchema): void {
  for (const { name, parseValue, parseLiteral } of CUSTOM_SCALARS) {
    const type = schema.getType(name)
    if (isScalarType(type)) Object.assign(type, { parseValue, parseLiteral })
  }
}
