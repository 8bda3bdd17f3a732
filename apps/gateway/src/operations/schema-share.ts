import { type DocumentNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql'

/** How much of an operation asks for the schema, by `__schema` and `__type` at its root, through fragments or not. */
export type SchemaShare = 'none' | 'part' | 'whole'

export function schemaShareOf(operation: OperationDefinitionNode, document: DocumentNode): SchemaShare {
  const unread = new Map<string, SelectionSetNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      unread.set(definition.name.value, definition.selectionSet)
    }
  }
  let schema = false
  let data = false
  const open = [operation.selectionSet]
  for (let set = open.pop(); set; set = open.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value
        if (!name.startsWith('__')) data = true
        else if (name !== '__typename') schema = true
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        open.push(selection.selectionSet)
      } else {
        const fragment = unread.get(selection.name.value)
        // However often it is spread, it is read once.
        unread.delete(selection.name.value)
        if (fragment) open.push(fragment)
      }
    }
  }
  if (!schema) return 'none'
  return data ? 'part' : 'whole'
}
