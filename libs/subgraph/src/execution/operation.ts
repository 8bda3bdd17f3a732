import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  type OperationDefinitionNode,
  visit,
} from 'graphql'
import { createCoercion, type Variables } from './coerce-variables.ts'
import type { CompiledQuery, Compiler } from './compile-operation.ts'
import { NotReady, Unfit } from './guarded.ts'

/** One operation of a valid document, ready to be run. */
export interface Operation {
  /** Null when the variables do not fit: ask graphql-js for the reasons. */
  run(
    variables: Readonly<Variables>,
    context: object,
  ): ExecutionResult | null | Promise<ExecutionResult | null>
}

export interface OperationParts {
  schema: GraphQLSchema
  document: DocumentNode
  definition: OperationDefinitionNode
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
  compile: Compiler
  onUnfit(reason: Unfit): void
}

/** Each of `@skip` and `@include` doubles the ways to compile an operation. With more it is interpreted. */
const MOST_CONDITIONS = 4

/**
 * A query is compiled when it is first run, once for each combination of its conditions, and interpreted by graphql-js
 * when that cannot be done. Mutations are always interpreted: they wait for transactions, not for us; and what compiled
 * code finds out too late to be fit for could not be run a second time.
 */
export function createOperation(parts: OperationParts): Operation | null {
  const { schema, document, definition, fragments, compile, onUnfit } = parts
  const coerce = createCoercion(schema, definition.variableDefinitions ?? [])
  if (!coerce || definition.operation === OperationTypeNode.SUBSCRIPTION) return null

  const interpret = (variableValues: Readonly<Variables>, contextValue: object) =>
    execute({ schema, document, operationName: definition.name?.value, variableValues, contextValue })

  const conditions = conditionsOf(document)
  const compiled = new Map<string, CompiledQuery | null>()
  let isFit = definition.operation === OperationTypeNode.QUERY && conditions.length <= MOST_CONDITIONS

  /** Null when this operation, or this combination of conditions, is not for compiled code. */
  const compiledFor = (variables: Readonly<Variables>): CompiledQuery | null => {
    if (!isFit) return null
    const key = conditions.length === 0 ? '' : conditions.map((name) => String(variables[name])).join()
    const known = compiled.get(key)
    if (known !== undefined) return known
    const areBoolean = conditions.every((name) => typeof variables[name] === 'boolean')
    const made = areBoolean ? compile(definition, fragments, variables) : null
    compiled.set(key, made)
    return made
  }

  const afterFault = (fault: unknown, given: Readonly<Variables>, context: object) => {
    if (!(fault instanceof Unfit)) throw fault
    if (fault instanceof NotReady) compiled.clear()
    else {
      isFit = false
      onUnfit(fault)
    }
    return interpret(given, context)
  }

  return {
    run(given, context) {
      const variables = coerce(given)
      if (!variables) return null
      const query = compiledFor(variables)
      if (!query) return interpret(given, context)
      const answer = query(variables, context)
      return answer
        ? answer.catch((fault: unknown) => afterFault(fault, given, context))
        : interpret(given, context)
    },
  }
}

function conditionsOf(document: DocumentNode): readonly string[] {
  const names = new Set<string>()
  visit(document, {
    Directive: ({ name, arguments: given }) => {
      const condition = given?.[0]?.value
      if (condition?.kind !== Kind.VARIABLE || !['skip', 'include'].includes(name.value)) return
      names.add(condition.name.value)
    },
  })
  return [...names]
}
