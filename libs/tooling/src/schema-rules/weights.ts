import { type Finding, findingAt } from './finding.ts'
import { namedType, type OwnedField, type SchemaIndex } from './schema-index.ts'

/**
 * The gateway takes a scalar for free and an object for 1. Neither holds of what asks the database for itself: a count,
 * and what depends on arguments. Mutations weigh enough without.
 */
export function weightFindings({ fields }: SchemaIndex): Finding[] {
  return fields
    .filter(asksForItself)
    .filter(({ field }) => !hasWeight(field))
    .map(toFinding)
}

function asksForItself({ owner, field }: OwnedField): boolean {
  if (owner === 'Mutation') return false
  return field.name.value === 'totalCount' || (field.arguments ?? []).length > 0
}

function hasWeight({ directives = [] }: OwnedField['field']): boolean {
  return directives.some(({ name }) => name.value === 'cost')
}

function toFinding({ owner, field }: OwnedField): Finding {
  const reason = field.name.value === 'totalCount' ? 'counts' : `works out ${namedType(field.type)} anew`
  return findingAt(
    field,
    `${owner}.${field.name.value} ${reason} each time, and does not say what that costs. Measure it, and add @cost(weight: …): 1 is about 40 µs.`,
  )
}
