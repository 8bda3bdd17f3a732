import { Kind } from 'graphql'
import { type Finding, findingAt } from './finding.ts'
import { commentsAbove } from '../sdl/index.ts'
import { COMPOSITE, listIn, namedType, type OwnedField, type SchemaIndex } from './schema-index.ts'

/** No list is without an end, and none has holes. */
export function listFindings({ fields, kindOf }: SchemaIndex): Finding[] {
  return fields.flatMap((owned) => {
    const list = listIn(owned.field.type)
    if (list === undefined) return []
    const name = `${owned.owner}.${owned.field.name.value}`
    const item = namedType(list)
    const findings: Finding[] = []
    if (list.type.kind !== Kind.NON_NULL_TYPE) {
      findings.push(findingAt(owned.field, `${name} may hold nulls. Write: [${item}!]`))
    }
    if (COMPOSITE.includes(kindOf(item) ?? '') && !isBounded(owned)) {
      findings.push(
        findingAt(
          owned.field,
          `${name} can grow without limit. Return ${item}Connection! with first, after, last and before; or take \`first\`; or, if it cannot grow, say why in a comment above it: # bounded: …`,
        ),
      )
    }
    return findings
  })
}

function isBounded({ owner, field }: OwnedField): boolean {
  return (
    // A page of a connection is bounded by the arguments of the field that returns the connection.
    owner.endsWith('Connection') ||
    (field.arguments ?? []).some(({ name }) => name.value === 'first') ||
    commentsAbove(field).some((comment) => /^bounded: \S/.test(comment))
  )
}
