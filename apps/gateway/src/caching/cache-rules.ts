import {
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
} from 'graphql'

export type CacheScope = 'PUBLIC' | 'PRIVATE'

/** What `@cacheControl` on one schema element says. */
export interface CacheHint {
  readonly maxAge: number | undefined
  readonly scope: CacheScope | undefined
  readonly inheritMaxAge: boolean
}

/** What a supergraph says about remembering answers: its hints, and which subgraph answers what. */
export interface CacheRules {
  /** With the directives of the supergraph still on it. */
  readonly schema: GraphQLSchema
  ofType(type: GraphQLNamedType): CacheHint | null
  ofField(field: GraphQLField<unknown, unknown>): CacheHint | null
  /** The subgraphs that can answer a field; empty for a schema that was not composed. */
  sourcesOf(type: GraphQLNamedType, field: GraphQLField<unknown, unknown>): readonly string[]
  /** Whether anything of its own that this subgraph answers may be remembered. What it adds to others' types is not. */
  hasHints(subgraph: string): boolean
}

/** Reads the hints of a whole supergraph, with its own directives still on it. */
export function createCacheRules(schema: GraphQLSchema): CacheRules {
  const types = new Map<GraphQLNamedType, CacheHint>()
  const fields = new Map<GraphQLField<unknown, unknown>, CacheHint>()
  const hinted = new Set<string>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isCompositeType(type)) continue
    const subgraphs = subgraphsOf(type)
    const hint = hintIn(directivesOf(type))
    // Composition keeps one subgraph's hint on a type and not which, so it would speak for what the others answer.
    if (hint && subgraphs.length < 2) {
      types.set(type, hint)
      for (const subgraph of subgraphs) hinted.add(subgraph)
    }
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const field of Object.values(type.getFields())) {
      const own = hintIn(field.astNode?.directives ?? [])
      if (!own) continue
      fields.set(field, own)
      for (const subgraph of sourcesOf(type, field)) if (!isExtended(type, subgraph)) hinted.add(subgraph)
    }
  }
  return {
    schema,
    ofType: (type) => types.get(type) ?? null,
    ofField: (field) => fields.get(field) ?? null,
    sourcesOf,
    hasHints: (subgraph) => hinted.has(subgraph),
  }
}

export function sourcesOf(type: GraphQLNamedType, field: GraphQLField<unknown, unknown>): readonly string[] {
  const joins = (field.astNode?.directives ?? []).filter(({ name }) => name.value === 'join__field')
  const subgraphs = joins
    .filter((join) => !isTrue(join, 'external') && !isTrue(join, 'usedOverridden'))
    .map((join) => textOf(join, 'graph'))
    .filter((name) => name !== undefined)
  return subgraphs.length > 0 ? subgraphs : subgraphsOf(type)
}

/** A type in one subgraph, with the fields that it is looked up by there. */
export interface OwnedKey {
  subgraph: string
  /** Null where the subgraph has no key for it. */
  key: string | null
  /** False for a mere reference to what another subgraph owns. */
  resolvable: boolean
  /** True where the subgraph only adds to what another one owns, by `@extends`. */
  isExtension: boolean
}

export function keysOf(type: GraphQLNamedType): OwnedKey[] {
  return directivesOf(type)
    .filter(({ name }) => name.value === 'join__type')
    .flatMap((join) => {
      const subgraph = textOf(join, 'graph')
      if (subgraph === undefined) return []
      const key = textOf(join, 'key') ?? null
      return [
        { subgraph, key, resolvable: !isFalse(join, 'resolvable'), isExtension: isTrue(join, 'extension') },
      ]
    })
}

export function possibleTypes(schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLObjectType[] {
  if (isObjectType(type)) return [type]
  return isCompositeType(type) ? schema.getPossibleTypes(type) : []
}

function isExtended(type: GraphQLNamedType, by: string): boolean {
  return keysOf(type).some(({ subgraph, isExtension }) => subgraph === by && isExtension)
}

function subgraphsOf(type: GraphQLNamedType): readonly string[] {
  return [...new Set(keysOf(type).map(({ subgraph }) => subgraph))]
}

function directivesOf(type: GraphQLNamedType): readonly ConstDirectiveNode[] {
  return [type.astNode, ...type.extensionASTNodes].flatMap((node) => node?.directives ?? [])
}

function hintIn(directives: readonly ConstDirectiveNode[]): CacheHint | null {
  const directive = directives.find(({ name }) => name.value === 'cacheControl')
  if (!directive) return null
  const maxAge = argument(directive, 'maxAge')
  const scope = textOf(directive, 'scope')
  const inheritMaxAge = isTrue(directive, 'inheritMaxAge')
  return {
    // Apollo's rule: who inherits has no age of its own, whatever else stands there.
    maxAge: maxAge?.kind === Kind.INT && !inheritMaxAge ? Math.max(0, Number(maxAge.value)) : undefined,
    scope: scope === 'PUBLIC' || scope === 'PRIVATE' ? scope : undefined,
    inheritMaxAge,
  }
}

function argument(directive: ConstDirectiveNode, wanted: string) {
  return directive.arguments?.find(({ name }) => name.value === wanted)?.value
}

function textOf(directive: ConstDirectiveNode, wanted: string): string | undefined {
  const value = argument(directive, wanted)
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined
}

function isTrue(directive: ConstDirectiveNode, wanted: string): boolean {
  const value = argument(directive, wanted)
  return value?.kind === Kind.BOOLEAN && value.value
}

function isFalse(directive: ConstDirectiveNode, wanted: string): boolean {
  const value = argument(directive, wanted)
  return value?.kind === Kind.BOOLEAN && !value.value
}
