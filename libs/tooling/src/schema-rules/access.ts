import { type Finding, findingAt } from './finding.ts'
import { type OwnedField, ROOT_TYPES, type SchemaIndex } from './schema-index.ts'

const ACCESS = ['public', 'authenticated', 'requiresScopes', 'policy']

/** Nothing is open by oversight: each operation says who may use it. */
export function accessFindings({ fields }: SchemaIndex): Finding[] {
  return fields.filter(({ owner }) => ROOT_TYPES.includes(owner)).flatMap(toFinding)
}

function toFinding({ owner, field }: OwnedField): Finding[] {
  const given = (field.directives ?? []).map(({ name }) => name.value).filter((name) => ACCESS.includes(name))
  const coordinate = `${owner}.${field.name.value}`
  if (given.length === 1) return []
  if (given.length > 1) {
    const list = given.map((name) => `@${name}`).join(' and ')
    return [findingAt(field, `${coordinate} carries ${list}. Keep the one that says who may use it.`)]
  }
  const mend =
    owner === 'Mutation'
      ? 'Add @requiresScopes(scopes: [["write:…"]]) for what only some may do, or @authenticated, @policy, or @public.'
      : 'Add @public if everybody may use it, otherwise @authenticated, @requiresScopes or @policy.'
  return [findingAt(field, `${coordinate} does not say who may use it. ${mend}`)]
}
