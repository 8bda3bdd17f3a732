import {
  type DocumentNode,
  type ExecutionResult,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  locatedError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { compileQuery, isCompiledQuery } from 'graphql-jit'
import type { Variables } from './coerce-variables.ts'
import { computeFields } from './compiler-schema.ts'
import { NotReady, Unfit } from './guarded.ts'
import { createSerializers } from './leaf-values.ts'
import { settleArguments, settleOperation } from './settle-operation.ts'

/**
 * Null when an argument has no valid value this time. Rejects with `Unfit` when this answer is none for compiled code,
 * and with `NotReady` when it will be one once the operation is compiled again. Changes the variables.
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
  /** How many fields were found to need computing since the start. */
  let learnt = 0
  return (operation, fragments, conditions) => {
    const written = settleOperation(schema, operation, fragments, conditions)
    if (!written) return null
    const { operation: settledOperation, settled } = written
    const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [settledOperation] }
    const compiled = compileQuery(schema, document, undefined, options)
    if (!isCompiledQuery(compiled)) return null
    const compiledAfter = learnt
    const checked = (result: ExecutionResult): ExecutionResult => {
      if (!result.errors) return result
      const errors = result.errors.map(toGraphQLError)
      const reason = errors.find(({ originalError }) => originalError instanceof Unfit)
      if (!reason) return { ...result, errors }
      for (const { originalError, path = [] } of errors) {
        if (!(originalError instanceof NotReady)) continue
        for (const name of fieldsAt(settledOperation.selectionSet, path)) {
          if (computeFields(schema, name)) learnt++
        }
      }
      // Perhaps another operation has learnt it meanwhile.
      throw learnt > compiledAfter
        ? new NotReady('Compile it again')
        : new Unfit('No operation for compiled code', { cause: reason })
    }
    return (variables, context) => {
      if (!settleArguments(settled, variables)) return null
      return Promise.resolve(compiled.query(undefined, context, variables)).then(checked)
    }
  }
}

/** The names of the fields at a response path. */
function fieldsAt({ selections }: SelectionSetNode, path: readonly (string | number)[]): string[] {
  const [key, ...rest] = path
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsAt(selection.selectionSet, path)
    if (selection.kind !== Kind.FIELD || (selection.alias ?? selection.name).value !== key) return []
    const within = rest.filter((one) => typeof one === 'string')
    return within.length > 0 && selection.selectionSet
      ? fieldsAt(selection.selectionSet, within)
      : [selection.name.value]
  })
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
