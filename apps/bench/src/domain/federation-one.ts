import { type ASTNode, Kind, type ObjectTypeDefinitionNode, parse, print, visit } from 'graphql'
import type { DomainSubgraph } from './domain-subgraph.ts'

/**
 * The SDL in the words of Federation 1, the only one that Mercurius speaks: an entity belongs to one subgraph, and the
 * others extend it and mark its key as external. `owners` says which subgraph has each entity.
 */
export function toFederationOne(
  { name, typeDefs }: DomainSubgraph,
  owners: Readonly<Record<string, string>>,
): string {
  const isForeign = (type: string) => (owners[type] ?? name) !== name
  return print(
    visit(parse(typeDefs), {
      [Kind.DIRECTIVE]: ({ name: { value } }) => (value === 'public' ? null : undefined),
      [Kind.ARGUMENT]: (node, _key, _parent, _path, ancestors) =>
        node.name.value === 'resolvable' && isWithinKey(ancestors) ? null : undefined,
      [Kind.OBJECT_TYPE_DEFINITION]: {
        leave(type) {
          if (type.name.value === 'Query') return { ...type, kind: Kind.OBJECT_TYPE_EXTENSION }
          if (!isForeign(type.name.value)) return undefined
          return { ...type, kind: Kind.OBJECT_TYPE_EXTENSION, fields: withExternalKey(type) }
        },
      },
    }),
  )
}

function isWithinKey(ancestors: readonly (ASTNode | readonly ASTNode[])[]): boolean {
  return ancestors.some((node) => 'kind' in node && node.kind === Kind.DIRECTIVE && node.name.value === 'key')
}

function withExternalKey(type: ObjectTypeDefinitionNode) {
  const external = { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'external' } } as const
  return type.fields?.map((field) =>
    field.name.value === 'id' ? { ...field, directives: [external] } : field,
  )
}
