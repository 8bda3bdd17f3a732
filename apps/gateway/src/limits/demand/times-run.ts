import { type DirectiveNode, Kind } from 'graphql'
import type { Times } from './sum.ts'
import { sentFor, type VariableDefaults } from './variable-values.ts'

/** How often a directive lets its selection run. What is no truth value is refused by the types, and counts. */
export function timesRun({ name, arguments: given }: DirectiveNode, defaults: VariableDefaults): Times {
  const skips = name.value === 'skip'
  const condition = given?.find((argument) => argument.name.value === 'if')?.value
  if ((!skips && name.value !== 'include') || !condition) return 1
  if (condition.kind === Kind.BOOLEAN) return condition.value === skips ? 0 : 1
  if (condition.kind !== Kind.VARIABLE) return 1
  const variable = condition.name.value
  const unsaid = defaults.get(variable) === skips ? 0 : 1
  return (variables) => {
    const sent = sentFor(variable, variables)
    return sent === undefined ? unsaid : sent === skips ? 0 : 1
  }
}
