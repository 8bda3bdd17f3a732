import { GraphQLError, Kind, visit } from 'graphql'
import type { Variables } from '../fetch/index.ts'
import type { ClientOperation } from './read-operation.ts'

/**
 * `@skip(if: $no)` may use a variable that takes null, as long as it has a default. Null given on purpose passes every
 * check of types, and decides nothing. Makes what refuses it; null where no variable is of that kind.
 */
export function compileConditionCheck({
  definition,
  fragments,
}: ClientOperation): ((variables: Variables) => readonly GraphQLError[]) | null {
  const deciding = new Set<string>()
  for (const node of [definition, ...fragments.values()]) {
    visit(node, {
      Directive({ name, arguments: given = [] }) {
        const value = given.find((argument) => argument.name.value === 'if')?.value
        const decides = name.value === 'skip' || name.value === 'include'
        if (decides && value?.kind === Kind.VARIABLE) deciding.add(value.name.value)
      },
    })
  }
  const nullable = (definition.variableDefinitions ?? []).filter(
    ({ variable, type }) => type.kind !== Kind.NON_NULL_TYPE && deciding.has(variable.name.value),
  )
  if (nullable.length === 0) return null
  return (variables) =>
    nullable
      .filter(
        ({ variable }) =>
          Object.hasOwn(variables, variable.name.value) && variables[variable.name.value] === null,
      )
      .map(({ variable }) => {
        const name = variable.name.value
        return new GraphQLError(
          `Variable "$${name}" must not be null where it decides a @skip or @include.`,
          {
            nodes: variable,
          },
        )
      })
}
