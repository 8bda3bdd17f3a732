import { type GraphQLError, type GraphQLSchema, parse, validate } from 'graphql'
import type { SubgraphResponse } from '../subgraph-request.ts'

type Errors = NonNullable<SubgraphResponse['errors']>

/** Why a text is no subscription that this schema knows. */
export function explainNoSubscription(schema: GraphQLSchema, query: string): Errors {
  let faults: readonly GraphQLError[]
  try {
    faults = validate(schema, parse(query, { noLocation: true }), undefined, { maxErrors: 10 })
  } catch (fault) {
    return toUserErrors([fault as GraphQLError], 'GRAPHQL_PARSE_FAILED')
  }
  if (faults.length > 0) return toUserErrors(faults, 'GRAPHQL_VALIDATION_FAILED')
  if (query.includes('__proto__')) {
    const message = 'The word __proto__ may not stand in a subscription. Take another name.'
    return [{ message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]
  }
  const message = 'Send one subscription, by its name where the document has several operations.'
  return [{ message, extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }]
}

export function toUserErrors(faults: readonly GraphQLError[], code: string): Errors {
  return faults.map(({ message }) => ({
    // graphql-js guesses at names of the schema, which is not shown to everybody.
    message: message.replace(/ Did you mean .*$/s, ''),
    extensions: { code },
  }))
}
