import { type OperationDefinitionNode, valueFromASTUntyped } from 'graphql'
import type { Variables } from './sum.ts'

export interface VariableValues {
  /** Reads one variable of a request; its default where the request does not name it, undefined without one. */
  reader(name: string): (variables: Variables) => unknown
}

export function createVariableValues({ variableDefinitions }: OperationDefinitionNode): VariableValues {
  const defaults = new Map<string, unknown>()
  for (const { variable, defaultValue } of variableDefinitions ?? []) {
    if (defaultValue) defaults.set(variable.name.value, valueFromASTUntyped(defaultValue))
  }
  return {
    reader(name) {
      const byDefault = defaults.get(name)
      // A variable may be called `toString`: only what the caller sent counts.
      return (variables) => {
        const value = Object.hasOwn(variables, name) ? variables[name] : undefined
        return value === undefined ? byDefault : value
      }
    },
  }
}
