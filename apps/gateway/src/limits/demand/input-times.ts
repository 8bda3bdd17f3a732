import { Kind, type ValueNode, valueFromASTUntyped, visit } from 'graphql'
import type { Times, Variables } from './sum.ts'
import type { VariableValues } from './variable-values.ts'
import type { Weigher } from './weigh-input.ts'

/** What the value of an argument costs. */
export function inputTimes(given: ValueNode, weigh: Weigher, variables: VariableValues): Times {
  if (given.kind === Kind.VARIABLE) {
    const read = variables.reader(given.name.value)
    return (values) => weigh(read(values))
  }
  const names = variablesIn(given)
  if (names.length === 0) return weigh(valueFromASTUntyped(given))
  const readers = names.map((name) => [name, variables.reader(name)] as const)
  return (values) => weigh(valueFromASTUntyped(given, valuesOf(readers, values)))
}

function variablesIn(value: ValueNode): string[] {
  const names: string[] = []
  visit(value, { [Kind.VARIABLE]: ({ name }) => void names.push(name.value) })
  return names
}

/** Without a prototype: a variable may be called `toString`. */
function valuesOf(
  readers: readonly (readonly [name: string, read: (variables: Variables) => unknown])[],
  variables: Variables,
): Record<string, unknown> {
  const values = Object.create(null) as Record<string, unknown>
  for (const [name, read] of readers) values[name] = read(variables)
  return values
}
