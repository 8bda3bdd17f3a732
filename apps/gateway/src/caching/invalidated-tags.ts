import {
  type DocumentNode,
  type GraphQLField,
  getNamedType,
  type GraphQLObjectType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { type CacheRules, keysOf } from './cache-rules.ts'
import { fragmentsOf } from './selections.ts'
import type { TaggedTypes } from './tagged-types.ts'
import { type Tag, typeTag } from './tags.ts'

/**
 * What a mutation makes untrue, by its payload type and not by its answer: whatever the client selects, whether it
 * waits, and whether half of the answer failed, the change may have happened.
 *
 * A payload holds what was changed, so the types in it are meant, each as a whole: a changed game may also enter or
 * leave lists. Three refinements:
 * - a row that is no entity, such as a place on a roster, changes what hangs on the entities that it links;
 * - a payload that names nothing, such as that of a deletion, stands for all that its subgraph owns;
 * - what only refers to another subgraph's entity has not changed it;
 * - nor has what adds to one: that grows old by its age alone. Each follow would else drop all answers about teams.
 */
export function invalidationsOf(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  rules: CacheRules,
  tagged: TaggedTypes,
): readonly Tag[] {
  const root = operation.operation === 'mutation' ? rules.schema.getMutationType() : null
  if (!root) return []
  const changed = new Set<Tag>()
  for (const field of rootFields(operation, document, root, rules)) {
    for (const subgraph of rules.sourcesOf(root, field)) {
      // What is never remembered needs no invalidation: accounts, with a mutation every second, has no hints.
      if (!rules.hasHints(subgraph)) continue
      for (const type of changedBy(field, subgraph, rules, tagged)) changed.add(typeTag(type.name))
    }
  }
  return [...changed]
}

function changedBy(
  mutation: GraphQLField<unknown, unknown>,
  subgraph: string,
  rules: CacheRules,
  tagged: TaggedTypes,
): Iterable<GraphQLObjectType> {
  const changed = new Set<GraphQLObjectType>()
  for (const type of tagged.heldBy(getNamedType(mutation.type))) {
    if (!isOwner(subgraph, type)) continue
    changed.add(type)
    if (isEntity(type)) continue
    for (const field of Object.values(type.getFields())) {
      for (const linked of tagged.heldBy(getNamedType(field.type))) changed.add(linked)
    }
  }
  return changed.size > 0 ? changed : ownedBy(subgraph, rules, tagged)
}

function ownedBy(subgraph: string, rules: CacheRules, tagged: TaggedTypes): GraphQLObjectType[] {
  return Object.values(rules.schema.getTypeMap())
    .filter((type) => isObjectType(type))
    .filter((type) => tagged.isTagged(type) && isOwner(subgraph, type))
}

function isOwner(subgraph: string, type: GraphQLObjectType): boolean {
  return keysOf(type).some((key) => key.subgraph === subgraph && key.resolvable && !key.isExtension)
}

function isEntity(type: GraphQLObjectType): boolean {
  return keysOf(type).some(({ key }) => key !== null)
}

function rootFields(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  root: GraphQLObjectType,
  rules: CacheRules,
): GraphQLField<unknown, unknown>[] {
  const fragments = fragmentsOf(document, rules.schema)
  const inside = (set: SelectionSetNode | undefined): GraphQLField<unknown, unknown>[] =>
    (set?.selections ?? []).flatMap((selection) => {
      if (selection.kind !== Kind.FIELD) return inside(fragments.setOf(selection))
      const field = root.getFields()[selection.name.value]
      return field ? [field] : []
    })
  return inside(operation.selectionSet)
}
