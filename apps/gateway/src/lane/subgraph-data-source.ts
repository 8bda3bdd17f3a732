import type { GraphQLDataSource } from '@apollo/gateway'
import {
  type Caller,
  type SubgraphCaller,
  type SubgraphOperation,
  SubgraphUnavailableError,
} from '../transports/index.ts'
import type { GoneEntities } from './gone-entities.ts'
import { unavailableErrors } from './unavailable-errors.ts'

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
      const operation: SubgraphOperation = { query: query ?? '', operationName, variables }
      try {
        const { caller, gone } = options.context
        const answer = await calls.call(subgraph, operation, caller)
        gone.note(options.pathInIncomingRequest ?? [], answer)
        return answer
      } catch (error) {
        if (!(error instanceof SubgraphUnavailableError)) throw error
        return { data: null, errors: unavailableErrors(operation) }
      }
    },
  }
}
