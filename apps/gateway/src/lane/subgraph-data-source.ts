import type { GraphQLDataSource } from '@apollo/gateway'
import { type Caller, type SubgraphCaller, toFetchRequest } from '../transports/index.ts'
import type { GoneEntities } from './gone-entities.ts'

/** What one request carries through Apollo. */
export interface LaneContext {
  caller: Caller
  gone: GoneEntities
}

/** One subgraph, as Apollo's executor asks it. A subgraph that is away is a missing part, not a failed request. */
export function subgraphDataSource(subgraph: string, calls: SubgraphCaller): GraphQLDataSource<LaneContext> {
  return {
    async process(options) {
      if (!('incomingRequestContext' in options)) {
        throw new Error(`Apollo asked ${subgraph} for ${options.kind}, and this gateway never does`)
      }
      const { query, operationName, variables } = options.request
      const { caller, gone } = options.context
      const request = toFetchRequest({ query: query ?? '', operationName, variables })
      const answer = await calls.fetch(subgraph, request, caller)
      gone.note(options.pathInIncomingRequest ?? [], answer)
      // Apollo's type has a mutable list, which it does not change.
      return { ...answer, errors: answer.errors && [...answer.errors] }
    },
  }
}
