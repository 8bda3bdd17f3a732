import { getOperationAST, getVariableValues, type GraphQLError, type GraphQLSchema } from 'graphql'
import { type PublicError, RequestRefusal, withoutSuggestions } from '../errors/index.ts'
import type { LaneRequest } from './lane-request.ts'

/** Each fault quotes the whole value: a client needs a few of them, and a process holds only so many. */
const MOST_ERRORS = 10

/** Refuses variables that do not fit the types of an operation that was not compiled. */
export function assertVariables(
  schema: GraphQLSchema,
  { document, operation, variables }: Pick<LaneRequest, 'document' | 'operation' | 'variables'>,
  hideSuggestions: boolean,
): void {
  const definitions = getOperationAST(document.document, operation.name)?.variableDefinitions ?? []
  const { errors } = getVariableValues(schema, definitions, variables, { maxErrors: MOST_ERRORS })
  if (errors) throw refuseVariables(errors, hideSuggestions)
}

/** In production a misspelt name is not answered with the right one. */
export function refuseVariables(
  faults: readonly Pick<GraphQLError, 'message'>[],
  hideSuggestions: boolean,
): RequestRefusal {
  const [first, ...others] = faults.map(({ message }): PublicError => ({
    message: hideSuggestions ? withoutSuggestions(message) : message,
    extensions: { code: 'BAD_USER_INPUT' },
  }))
  if (!first) throw new Error('Variables without a fault were to be refused')
  return new RequestRefusal(400, [first, ...others])
}
