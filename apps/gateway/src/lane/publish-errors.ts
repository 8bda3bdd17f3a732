import type { Hole } from '@courtside/federation'
import type { GraphQLFormattedError } from 'graphql'
import { type PublicError, toPublicError } from '../errors/index.ts'
import type { Caller } from '../transports/index.ts'

export interface ErrorPublisher {
  /** What subgraphs reported, as this caller may see it; what nobody expected is logged under the id it is told. */
  publish(errors: readonly GraphQLFormattedError[], caller: Caller): PublicError[]
  /**
   * A subgraph that breaks its own schema leaves a hole, and the client must be told. What is gone is no fault, unless
   * nothing at all is left to answer.
   */
  publishHoles(holes: readonly Hole[], nothingLeft: boolean, caller: Caller): PublicError[]
  /** What was thrown and is told to nobody but the log. */
  publishFault(fault: unknown, caller: Caller): PublicError
}

export function createErrorPublisher(hideSuggestions: boolean): ErrorPublisher {
  const publish = (error: GraphQLFormattedError, caller: Caller): PublicError => {
    const { error: published, unexpected } = toPublicError(error, { hideSuggestions })
    if (unexpected) {
      const fields = {
        err: error,
        'error.id': unexpected.errorId,
        path: error.path,
        subgraph: error.extensions?.['serviceName'],
      }
      caller.log.error(fields, 'Unexpected error')
    }
    return published
  }
  return {
    publish: (errors, caller) => errors.map((error) => publish(error, caller)),
    publishHoles: (holes, nothingLeft, caller) =>
      holes
        .filter(({ gone }) => nothingLeft || !gone)
        .map(({ message, path }) =>
          publish({ message, path, extensions: { code: 'INTERNAL_SERVER_ERROR' } }, caller),
        ),
    publishFault(fault, caller) {
      const message = fault instanceof Error ? fault.message : String(fault)
      const { error, unexpected } = toPublicError({ message }, { hideSuggestions })
      caller.log.error({ err: fault, 'error.id': unexpected?.errorId }, 'Unexpected error')
      return error
    },
  }
}
