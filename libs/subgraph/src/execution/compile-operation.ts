import {
  type ExecutionResult,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  locatedError,
  type OperationDefinitionNode,
} from 'graphql'
import { compileQuery, isCompiledQuery } from 'graphql-jit'
import type { Variables } from './coerce-variables.ts'
import { Unfit } from './guarded.ts'
import { createSerializers } from './leaf-values.ts'
import { settleArguments, settleOperation } from './settle-operation.ts'

/**
 * Null when an argument has no valid value this time; rejects with `Unfit` when this is no operation for compiled code.
 * Changes the variables.
 */
export type CompiledQuery = (variables: Variables, context: object) => Promise<ExecutionResult> | null

/** Null when the operation cannot be compiled. `conditions` are the variables of `@skip` and `@include`. */
export type Compiler = (
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  conditions: Readonly<Variables>,
) => CompiledQuery | null

/** The schema has gone through `prepareForCompiler`. */
export function createCompiler(schema: GraphQLSchema): Compiler {
  const options = { customSerializers: createSerializers(schema), disablingCapturingStackErrors: true }
  return (operation, fragments, conditions) => {
    const written = settleOperation(schema, operation, fragments, conditions)
    if (!written) return null
    const { document, settled } = written
    const compiled = compileQuery(schema, document, undefined, options)
    if (!isCompiledQuery(compiled)) return null
    return (variables, context) => {
      if (!settleArguments(settled, variables)) return null
      return Promise.resolve(compiled.query(undefined, context, variables)).then(checked)
    }
  }
}

function checked(result: ExecutionResult): ExecutionResult {
  if (!result.errors) return result
  const errors = result.errors.map(toGraphQLError)
  const unfit = errors.find(({ originalError }) => originalError instanceof Unfit)?.originalError
  if (unfit) throw unfit
  return { ...result, errors }
}

/** graphql-jit's errors are its own: without nodes, and with the error of a leaf in place of a message. */
function toGraphQLError(error: GraphQLError): GraphQLError {
  const { path, originalError } = error
  const message: unknown = error.message
  const cause = message instanceof Error ? message : originalError
  if (cause === undefined && typeof message === 'string' && message !== '') {
    return new GraphQLError(message, { path })
  }
  return locatedError(cause, undefined, path)
}
