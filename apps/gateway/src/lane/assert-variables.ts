import { type DocumentNode, getOperationAST, getVariableValues, type GraphQLSchema } from 'graphql'
import { type PublicError, RequestRefusal, withoutSuggestions } from '../errors/index.ts'

/** Each fault quotes the whole value: a client needs a few of them, and a process holds only so many. */
const MOST_ERRORS = 10

export interface VariablesToCheck {
  schema: GraphQLSchema
  document: DocumentNode
  operationName: string | null
  variables: Readonly<Record<string, unknown>>
  /** In production a misspelt name is not answered with the right one. */
  hideSuggestions: boolean
}

/**
 * Refuses variables that do not fit their types. Whoever executes checks them as well, but collects a fault for each
 * of ten thousand values.
 */
export function assertVariables(request: VariablesToCheck): void {
  const { schema, document, operationName, variables, hideSuggestions } = request
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? []
  const { errors } = getVariableValues(schema, definitions, variables, { maxErrors: MOST_ERRORS })
  const [first, ...others] = (errors ?? []).map(({ message }): PublicError => ({
    message: hideSuggestions ? withoutSuggestions(message) : message,
    extensions: { code: 'BAD_USER_INPUT' },
  }))
  if (first) throw new RequestRefusal(400, [first, ...others])
}
