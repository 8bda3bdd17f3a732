import {
  type DocumentNode,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { type CacheHint, type CacheRules, type CacheScope, possibleTypes } from './cache-rules.ts'
import { fragmentsOf } from './selections.ts'

/** For how long an answer may be given again, and to whom. */
export interface CachePolicy {
  readonly maxAgeSeconds: number
  readonly scope: CacheScope
}

/**
 * The policy of an operation by Apollo's rules for `@cacheControl`: a hint on a field goes before the one on its type,
 * a root field or a field with fields of its own has age 0 without a hint, other fields inherit; the smallest age of
 * all counts, and PRIVATE anywhere makes the whole PRIVATE. Null when the answer must not be remembered.
 *
 * Apollo decides on what was really returned. This decides on all that could be: whatever a variable skips counts, and
 * for a field of an interface each type behind it. And like Apollo, which starts anew in every subgraph, a field that
 * another subgraph answers than its parent inherits nothing that it does not ask for with `inheritMaxAge`.
 *
 * A subscription has a policy like a query: what may be given to the next who asks may be sent to all who listen.
 */
export function cachePolicyOf(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  rules: CacheRules,
): CachePolicy | null {
  const root = operation.operation === 'mutation' ? null : rules.schema.getRootType(operation.operation)
  if (!root) return null
  const fragments = fragmentsOf(document, rules.schema)
  let maxAge: number | undefined
  let scope: CacheScope | undefined
  walk(operation.selectionSet, [root], null)
  return maxAge === undefined || maxAge === 0 ? null : { maxAgeSeconds: maxAge, scope: scope ?? 'PUBLIC' }

  /** `from`: the subgraphs that the parent may have come from, null at the root. */
  function walk(
    set: SelectionSetNode,
    possible: readonly GraphQLObjectType[],
    from: readonly string[] | null,
  ): void {
    for (const selection of set.selections) {
      if (maxAge === 0) return
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value
        if (name === '__typename') continue
        // The schema may change with the next version, and asking for it is rare.
        if (name.startsWith('__')) return restrict(0, undefined)
        const inner: GraphQLObjectType[] = []
        const sources: string[] = []
        for (const type of possible) {
          const field = type.getFields()[name]
          if (!field) continue
          sources.push(...applyField(type, field, from))
          inner.push(...possibleTypes(rules.schema, getNamedType(field.type)))
        }
        if (selection.selectionSet) walk(selection.selectionSet, [...new Set(inner)], [...new Set(sources)])
        continue
      }
      const set = fragments.setOf(selection)
      if (set) walk(set, fragments.narrow(possible, selection), from)
    }
  }

  /** The subgraphs that this field may come from when its parent has. */
  function applyField(
    type: GraphQLObjectType,
    field: GraphQLField<unknown, unknown>,
    from: readonly string[] | null,
  ): readonly string[] {
    const target = getNamedType(field.type)
    const hint = effectiveHint(rules.ofField(field), isCompositeType(target) ? rules.ofType(target) : null)
    const sources = rules.sourcesOf(type, field)
    const stayed = from === null ? sources : sources.filter((source) => from.includes(source))
    const isHop = sources.length > 0 && stayed.length === 0
    const needsOwnAge = from === null || (!hint.inheritMaxAge && (isCompositeType(target) || isHop))
    restrict(hint.maxAge ?? (needsOwnAge ? 0 : undefined), hint.scope)
    return isHop ? sources : stayed
  }

  function restrict(age: number | undefined, of: CacheScope | undefined): void {
    if (age !== undefined && (maxAge === undefined || age < maxAge)) maxAge = age
    if (of !== undefined && scope !== 'PRIVATE') scope = of
  }
}

function effectiveHint(field: CacheHint | null, type: CacheHint | null): CacheHint {
  return {
    maxAge: field?.maxAge ?? type?.maxAge,
    scope: field?.scope ?? type?.scope,
    inheritMaxAge: (field?.inheritMaxAge ?? false) || (type?.inheritMaxAge ?? false),
  }
}
