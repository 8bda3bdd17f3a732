import { type OperationDefinitionNode, valueFromASTUntyped } from 'graphql'
import type { Variables } from './sum.ts'

/**
 * What an operation gives its variables by default. For compiling only: a demand is remembered longer than its
 * document, and what it keeps of it must be a few numbers.
 */
export type VariableDefaults = ReadonlyMap<string, unknown>

export function variableDefaults({ variableDefinitions }: OperationDefinitionNode): VariableDefaults {
  const defaults = new Map<string, unknown>()
  for (const { variable, defaultValue } of variableDefinitions ?? []) {
    if (defaultValue) defaults.set(variable.name.value, valueFromASTUntyped(defaultValue))
  }
  return defaults
}

/** What was sent for a variable; undefined where the default counts. One may be called `toString`. */
export function sentFor(name: string, variables: Variables): unknown {
  return Object.hasOwn(variables, name) ? variables[name] : undefined
}
