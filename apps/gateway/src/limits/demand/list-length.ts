import type { FieldNode, GraphQLArgument } from 'graphql'
import { Kind, valueFromASTUntyped } from 'graphql'
import { DomainError, LARGEST_PAGE } from '@courtside/kernel'
import { isPageSize, type ListRule } from './demand-rules.ts'
import { bounded, type Times, type Variables } from './sum.ts'
import { sentFor, type VariableDefaults } from './variable-values.ts'

/** How long a list is taken to be where nothing is said: a page that nobody asks a size for, or a roster. */
const DEFAULT_LENGTH = 20

/** How long the list of a field is, or the lists of its page, as far as its arguments tell. */
export function lengthOf(selection: FieldNode, rule: ListRule | null, defaults: VariableDefaults): Times {
  if (!rule) return DEFAULT_LENGTH
  assertOneSlicing(selection, rule)
  const assumed = rule.assumedSize ?? DEFAULT_LENGTH
  const asked = rule.slicing.map((argument) => askedBy(argument, selection, defaults))
  const fixed = largest(asked.filter((size) => typeof size !== 'function'))
  const variable = asked.filter((size) => typeof size === 'function')
  if (variable.length === 0) return fixed ?? assumed
  // Where both ends are asked for, the list decides which it gives: the longer one counts.
  return (variables) => largest([fixed, ...variable.map((size) => size(variables))]) ?? assumed
}

type Size = number | null

/** What one argument asks for; null where it asks for nothing. */
function askedBy(
  argument: GraphQLArgument,
  selection: FieldNode,
  defaults: VariableDefaults,
): Size | ((variables: Variables) => Size) {
  const given = selection.arguments?.find(({ name }) => name.value === argument.name)?.value
  const byDefault = toSize(argument.defaultValue, argument)
  if (!given) return byDefault
  if (given.kind !== Kind.VARIABLE) return toSize(valueFromASTUntyped(given), argument)
  const name = given.name.value
  const unsaid = defaults.has(name) ? toSize(defaults.get(name), argument) : byDefault
  return (variables) => {
    const sent = sentFor(name, variables)
    return sent === undefined ? unsaid : toSize(sent, argument)
  }
}

/** What is no number is refused by the types, and a page that is too long by the list itself. */
function toSize(value: unknown, { name }: GraphQLArgument): Size {
  if (typeof value !== 'number' || Number.isNaN(value)) return null
  const largestSize = isPageSize(name) ? LARGEST_PAGE : Number.MAX_SAFE_INTEGER
  return bounded(Math.min(Math.max(Math.ceil(value), 0), largestSize))
}

function largest(sizes: readonly Size[]): Size {
  return sizes.reduce((most, size) => (most === null || (size !== null && size > most) ? size : most), null)
}

function assertOneSlicing(selection: FieldNode, { requiresOne, slicing }: ListRule): void {
  if (!requiresOne) return
  const given = (selection.arguments ?? []).filter(
    ({ name, value }) => value.kind !== Kind.NULL && slicing.some((argument) => argument.name === name.value),
  )
  if (given.length === 1) return
  if (given.length === 0 && slicing.some(({ defaultValue }) => typeof defaultValue === 'number')) return
  const names = slicing.map(({ name }) => name).join(', ')
  throw new DomainError({
    kind: 'invalid',
    code: 'SLICING_ARGUMENT_REQUIRED',
    message: `${selection.name.value} needs exactly one of the arguments ${names}, and has ${given.length}. Say how many you want.`,
  })
}
