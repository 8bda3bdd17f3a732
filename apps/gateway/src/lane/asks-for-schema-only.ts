import { type DocumentNode, getOperationAST, Kind, type SelectionSetNode } from 'graphql'

/** Whether the operation selects nothing but `__schema`, `__type` and `__typename`, through fragments or not. */
export function asksForSchemaOnly(document: DocumentNode, operationName: string | null): boolean {
  const unread = new Map<string, SelectionSetNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      unread.set(definition.name.value, definition.selectionSet)
    }
  }
  const operation = getOperationAST(document, operationName)
  const open = operation ? [operation.selectionSet] : []
  for (let set = open.pop(); set; set = open.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        if (!selection.name.value.startsWith('__')) return false
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
  return true
}
