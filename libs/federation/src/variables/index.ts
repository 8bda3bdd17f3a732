import {
  getVariableValues,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import { isInputType, isNonNullType, typeFromAST } from 'graphql'
import type { Variables } from '../fetch/index.ts'
import { createInputChecks, type InputCheck } from './input-check.ts'

const NO_FAULT: readonly GraphQLError[] = []
const MOST_FAULTS = 10

interface VariableCheck {
  readonly name: string
  readonly fitsAbsent: boolean
  readonly fits: InputCheck
}

/**
 * Tells what graphql-js would say of an operation's variables. Its own coercion builds new values for all of them,
 * which nobody reads here: subgraphs are sent what the client wrote. So the values are only looked at, and graphql-js
 * speaks when something is not as it should be: 0.06 µs for an enum and a small input object, where it takes 1.7.
 */
export function compileVariableCheck(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
): (variables: Variables) => readonly GraphQLError[] {
  const definitions = operation.variableDefinitions ?? []
  if (definitions.length === 0) return () => NO_FAULT
  const checkOf = createInputChecks()
  const checks = definitions.map(({ variable, type: node, defaultValue }): VariableCheck => {
    const name = variable.name.value
    const type = typeFromAST(schema, node)
    if (!isInputType(type)) return { name, fitsAbsent: false, fits: () => false }
    return { name, fitsAbsent: !isNonNullType(type) || defaultValue !== undefined, fits: checkOf(type) }
  })

  const fits = (variables: Variables): boolean => {
    for (const check of checks) {
      if (!Object.hasOwn(variables, check.name)) {
        if (!check.fitsAbsent) return false
      } else if (!check.fits(variables[check.name])) return false
    }
    return true
  }

  return (variables) => {
    try {
      if (fits(variables)) return NO_FAULT
    } catch {
      // A value nested so deep that looking at it overflows the stack: graphql-js finds words for that, too.
    }
    return getVariableValues(schema, definitions, variables, { maxErrors: MOST_FAULTS }).errors ?? NO_FAULT
  }
}
