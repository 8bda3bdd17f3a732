import type { GraphQLFormattedError } from 'graphql'
import type { JsonObject } from './json.ts'

/** What all answers of subgraphs come to. */
export interface Joined {
  /** Null when nothing was answered. */
  readonly data: JsonObject | null
  readonly errors: readonly GraphQLFormattedError[]
  /** Objects of `data` for which a subgraph answered that it does not know them. */
  readonly gone: ReadonlySet<object> | null
}
