import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  Kind,
  type FragmentSpreadNode,
  type SelectionSetNode,
} from 'graphql'
import { possibleTypes } from './cache-rules.ts'

/** How the fragments of one document read on one schema. */
export interface Fragments {
  /** What a fragment selects. Undefined for one that the document does not have. */
  setOf(fragment: InlineFragmentNode | FragmentSpreadNode): SelectionSetNode | undefined
  /** Those of the possible types that its type condition lets through. */
  narrow(
    possible: readonly GraphQLObjectType[],
    fragment: InlineFragmentNode | FragmentSpreadNode,
  ): readonly GraphQLObjectType[]
}

export function fragmentsOf(document: DocumentNode, schema: GraphQLSchema): Fragments {
  const named = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) named.set(definition.name.value, definition)
  }
  const resolve = (fragment: InlineFragmentNode | FragmentSpreadNode) =>
    fragment.kind === Kind.INLINE_FRAGMENT ? fragment : named.get(fragment.name.value)
  return {
    setOf: (fragment) => resolve(fragment)?.selectionSet,
    narrow(possible, fragment) {
      const condition = resolve(fragment)?.typeCondition
      const type = condition && schema.getType(condition.name.value)
      if (!type) return possible
      const within = possibleTypes(schema, type)
      return possible.filter((one) => within.includes(one))
    },
  }
}
