import type { Requirement } from '@courtside/auth'
import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { AccessMap } from './access-map.ts'

/** One thing that an operation asks of its caller, and the places in the response that ask it. */
export interface RequiredAccess {
  requirement: Requirement
  /** Response names from the root, without list positions. */
  paths: readonly (readonly string[])[]
}

/** A refusal names the first places; ten thousand more would help nobody. */
const MOST_PATHS = 20

/**
 * What a caller must be to run an operation. An operation asks for all that its fields could reach: for a field of an
 * interface, what each type behind it asks. Only a field that is skipped by a constant asks nothing; a variable may
 * have any value.
 *
 * Recursion is bounded: the document has passed the limits on depth, nesting and selections.
 */
export function requiredAccess(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  access: AccessMap,
): RequiredAccess[] {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const found = createFindings()
  const root = access.schema.getRootType(operation.operation)
  if (root) walk(operation.selectionSet, [root], root, [])
  return found.list()

  /** `possible`: the object types that can stand here, as all the fragments around have narrowed them. */
  function walk(
    set: SelectionSetNode,
    possible: readonly GraphQLObjectType[],
    declared: GraphQLCompositeType,
    path: readonly string[],
  ): void {
    // Fragments around it rule each other out: nothing here is ever read.
    if (possible.length === 0) return
    for (const selection of set.selections) {
      if (isNeverRun(selection.directives)) continue
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value
        if (name.startsWith('__')) continue
        const here = [...path, (selection.alias ?? selection.name).value]
        const field = fieldOf(declared, name) ?? possible.map((type) => fieldOf(type, name)).find(Boolean)
        // A field that does not exist is for validation to refuse.
        if (!field) continue
        for (const requirement of requirementsAt(name, possible, declared, access))
          found.add(requirement, here)
        const inner = getNamedType(field.type)
        found.add(access.ofType(inner.name), here)
        if (selection.selectionSet && isCompositeType(inner)) {
          walk(selection.selectionSet, possibleTypes(inner, access), inner, here)
        }
        continue
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
      if (!fragment) continue
      const narrowed = fragment.typeCondition
        ? access.schema.getType(fragment.typeCondition.name.value)
        : declared
      if (!isCompositeType(narrowed)) continue
      const within = possibleTypes(narrowed, access)
      walk(
        fragment.selectionSet,
        possible.filter((type) => within.includes(type)),
        narrowed,
        path,
      )
    }
  }
}

/**
 * The requirements on selecting one field. Composition puts on an interface all that the types behind it ask; that
 * counts where the interface itself stands, not where a fragment has narrowed it to a type that asks less.
 */
function requirementsAt(
  field: string,
  possible: readonly GraphQLObjectType[],
  declared: GraphQLCompositeType,
  access: AccessMap,
): (Requirement | null)[] {
  const owners: GraphQLCompositeType[] = [...possible]
  if (isAbstractType(declared) && possibleTypes(declared, access).length === possible.length) {
    owners.push(declared)
  }
  return owners.flatMap(({ name }) => [access.ofType(name), access.ofField(name, field)])
}

function possibleTypes(type: GraphQLCompositeType, access: AccessMap): readonly GraphQLObjectType[] {
  return isObjectType(type) ? [type] : access.schema.getPossibleTypes(type)
}

function fieldOf(type: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  return isUnionType(type) ? undefined : type.getFields()[name]
}

function isNeverRun(directives: readonly DirectiveNode[] | undefined): boolean {
  return (directives ?? []).some(({ name, arguments: given }) => {
    const condition = given?.find((argument) => argument.name.value === 'if')?.value
    if (condition?.kind !== Kind.BOOLEAN) return false
    return name.value === 'skip' ? condition.value : name.value === 'include' && !condition.value
  })
}

function createFindings() {
  const byContent = new Map<string, { requirement: Requirement; paths: string[][]; seen: Set<string> }>()
  return {
    add(requirement: Requirement | null, path: readonly string[]): void {
      if (!requirement) return
      const content = JSON.stringify(requirement)
      let finding = byContent.get(content)
      if (!finding) byContent.set(content, (finding = { requirement, paths: [], seen: new Set() }))
      const place = path.join('.')
      if (finding.paths.length === MOST_PATHS || finding.seen.has(place)) return
      finding.seen.add(place)
      finding.paths.push([...path])
    },
    list: (): RequiredAccess[] =>
      [...byContent.values()].map(({ requirement, paths }) => ({ requirement, paths })),
  }
}
