import type { GraphQLFormattedError } from 'graphql'

export interface Outcome<Data> {
  readonly data: Data
  /** What subgraphs reported, at the client's paths, with `extensions.serviceName`. */
  readonly errors: readonly GraphQLFormattedError[]
  /** Where a subgraph broke its own schema, so that null stands in its place. None are told beside errors. */
  readonly holes: readonly Hole[]
}

export interface Hole {
  readonly message: string
  readonly path: readonly (string | number)[]
  /** The entity that should have filled it is unknown to its own subgraph: a dangling reference, not a fault. */
  readonly gone: boolean
}
