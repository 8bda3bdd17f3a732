import { type DirectiveNode, type FieldDefinitionNode, Kind } from 'graphql'
import { type Finding, findingAt } from './finding.ts'
import type { SchemaIndex } from './schema-index.ts'

/** `@cacheControl` means what it says only where nobody else speaks for the same thing. */
export function cacheHintFindings({ types, fields }: SchemaIndex): Finding[] {
  const onTypes = types.flatMap((type) => {
    const { name, directives = [] } = type
    const isShared = has(directives, 'key') || has(directives, 'shareable')
    if (!isShared || !has(directives, 'cacheControl')) return []
    const message = `Other subgraphs may have ${name.value} too, and composition keeps one hint and not whose. Put @cacheControl on the fields that return it.`
    return [findingAt(type, message)]
  })
  const onFields = fields.filter(({ field }) => ageOf(field) < 0)
  return [
    ...onTypes,
    ...onFields.map(({ owner, field }) =>
      findingAt(
        field,
        `${owner}.${field.name.value} has an age below zero. For none at all, leave the hint out.`,
      ),
    ),
  ]
}

function has(directives: readonly DirectiveNode[], wanted: string): boolean {
  return directives.some(({ name }) => name.value === wanted)
}

function ageOf({ directives = [] }: FieldDefinitionNode): number {
  const hint = directives.find(({ name }) => name.value === 'cacheControl')
  const age = hint?.arguments?.find(({ name }) => name.value === 'maxAge')?.value
  return age?.kind === Kind.INT ? Number(age.value) : 0
}
