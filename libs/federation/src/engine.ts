import type { DocumentNode, GraphQLError, GraphQLFormattedError } from 'graphql'
import type { SubgraphFetch, Variables } from './fetch/index.ts'
import type { FederatedGraph } from './graph/index.ts'

export interface EngineOptions<Context> {
  graph: FederatedGraph
  fetch: SubgraphFetch<Context>
}

/** Compiles operations of one graph. It remembers nothing: whoever asks keeps what it was given. */
export interface Engine<Context> {
  /** The document is valid on the graph's schema, and the operation is in it. Throws what the planner throws. */
  compile(document: DocumentNode, operationName: string | null): CompiledOperation<Context>
}

export interface CompiledOperation<Context> {
  /** About how many bytes this holds. */
  readonly weight: number
  /** At most ten faults; none when all fit. */
  checkVariables(variables: Variables): readonly GraphQLError[]
  /** `data` as JSON text, ready to be sent. */
  execute(variables: Variables, context: Context): Promise<Outcome<string>>
  /** `data` as an object, for whoever goes on working with it. */
  executeToData(variables: Variables, context: Context): Promise<Outcome<Record<string, unknown> | null>>
  /** The plan for people to read. */
  describePlan(): string
}

export interface Outcome<Data> {
  readonly data: Data
  /** What subgraphs reported, at the client's paths, with `extensions.serviceName`. */
  readonly errors: readonly GraphQLFormattedError[]
  /** Where a subgraph broke its own schema, so that null stands in its place. */
  readonly holes: readonly Hole[]
}

export interface Hole {
  readonly message: string
  readonly path: readonly (string | number)[]
  /** The entity that should have filled it is unknown to its own subgraph: a dangling reference, not a fault. */
  readonly gone: boolean
}
