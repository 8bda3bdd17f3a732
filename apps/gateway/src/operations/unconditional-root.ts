import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type ValidationRule,
} from 'graphql'

/**
 * A subscription without its one root field has nothing to listen to, so no variable may take it away, as the GraphQL
 * specification says since September 2025. graphql-js 16 does not refuse it by this rule, and fails over such a
 * document while it counts the root fields: this has to be asked before all other rules.
 */
export const unconditionalRoot: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    if (operation.operation !== 'subscription') return false
    for (const selection of selectionsAtRoot(operation, context.getDocument())) {
      const condition = selection.directives?.find(({ name }) => CONDITIONS.has(name.value))
      if (!condition) continue
      const message = `@${condition.name.value} cannot be used at the root of a subscription: it has one field, and always that.`
      context.reportError(new GraphQLError(message, { nodes: condition }))
    }
    return false
  },
  FragmentDefinition: () => false,
})

const CONDITIONS: ReadonlySet<string> = new Set(['skip', 'include'])

/** Those of fragments as well, each once. Nothing about the document is certain yet: a fragment may be missing. */
function selectionsAtRoot(
  { selectionSet }: OperationDefinitionNode,
  { definitions }: DocumentNode,
): readonly SelectionNode[] {
  const unread = new Map<string, FragmentDefinitionNode>()
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) unread.set(definition.name.value, definition)
  }
  const found: SelectionNode[] = []
  const open = [selectionSet]
  for (let set = open.pop(); set; set = open.pop()) {
    for (const selection of set.selections) {
      found.push(selection)
      if (selection.kind === Kind.INLINE_FRAGMENT) open.push(selection.selectionSet)
      if (selection.kind !== Kind.FRAGMENT_SPREAD) continue
      const fragment = unread.get(selection.name.value)
      unread.delete(selection.name.value)
      if (fragment) open.push(fragment.selectionSet)
    }
  }
  return found
}
