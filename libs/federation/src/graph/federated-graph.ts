import { type Schema, Supergraph } from '@apollo/federation-internals'
import { QueryPlanner } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'

/** One supergraph in the forms in which it is read: by planner, by validation, by the join of answers. */
export interface FederatedGraph {
  /** The public schema, as the planner wants operations on it. */
  readonly apiSchema: Schema
  /** The public schema, as graphql-js has it. */
  readonly schema: GraphQLSchema
  /** With what clients do not see; entities are joined on it. */
  readonly supergraphSchema: GraphQLSchema
  readonly planner: QueryPlanner
}

/** Reads a supergraph by itself. A gateway that has loaded one already hands its parts over instead. */
export function loadGraph(supergraphSdl: string): FederatedGraph {
  const supergraph = Supergraph.build(supergraphSdl, { validateSupergraph: false })
  const apiSchema = supergraph.apiSchema()
  return {
    apiSchema,
    schema: apiSchema.toGraphQLJSSchema(),
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    planner: new QueryPlanner(supergraph),
  }
}
