import type { GraphQLFormattedError } from 'graphql'

export type Variables = Readonly<Record<string, unknown>>

/** One operation that a plan sends to a subgraph, without what differs from request to request. Made once a plan. */
export interface FetchTemplate {
  readonly query: string
  readonly operationName: string | undefined
  readonly type: 'query' | 'mutation' | 'subscription'
}

export interface FetchRequest {
  readonly template: FetchTemplate
  /** The client's variables that this fetch uses, as the client sent them. */
  readonly variables: Variables
  /** For a fetch of entities: the JSON text of the list that goes into the variable `representations`. */
  readonly representations: string | null
  /** Where several fetches go as one: the JSON texts of the further lists, by the names of their variables. */
  readonly furtherRepresentations?: Readonly<Record<string, string>>
}

export interface SubgraphAnswer {
  /** May be joined with others: whoever answers gives it away. */
  data?: Record<string, unknown> | null
  errors?: readonly GraphQLFormattedError[]
}

/**
 * Asks a subgraph. A subgraph that is away is an answer with errors, and so is a request that nobody waits for any
 * more; a rejection is a fault in the asking itself, and ends the whole operation.
 */
export type SubgraphFetch<Context> = (
  subgraph: string,
  request: FetchRequest,
  context: Context,
) => Promise<SubgraphAnswer>
