import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getNullableType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isListType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { LARGEST_PAGE } from '@courtside/kernel'
import type { Limits } from './limits.ts'
import { limitExceeded } from './limit-exceeded.ts'

/** How long a page is asked to be: written down, or in a variable. */
type PageSize = number | { variable: string; byDefault: number }

/** The lists of objects of an operation, as they lie within each other. */
export type Pages = readonly { size: PageSize; inner: Pages }[]

/** What a list gives whose page size nobody asks for. */
const DEFAULT_PAGE = 20

/** How long a list is taken to be that has no pages, such as a roster: the domain bounds it, at about this. */
const ASSUMED_LENGTH = 20

/** The lists of an operation that its schema allows. Recursion is bounded: it has passed the limit on depth. */
export function pagesIn(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  schema: GraphQLSchema,
): Pages {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const defaults = new Map<string, number>()
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    if (defaultValue?.kind === Kind.INT) defaults.set(variable.name.value, Number(defaultValue.value))
  }
  const root = schema.getRootType(operation.operation)
  return root ? walk(operation.selectionSet, root, false) : []

  function walk(set: SelectionSetNode, type: GraphQLCompositeType, insidePage: boolean): Pages {
    return set.selections.flatMap((selection): Pages => {
      if (selection.kind !== Kind.FIELD) {
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
        const narrowed = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value)
        if (!fragment) return []
        return walk(fragment.selectionSet, isCompositeType(narrowed) ? narrowed : type, insidePage)
      }
      const field = isUnionType(type) ? undefined : type.getFields()[selection.name.value]
      const inner = field && getNamedType(field.type)
      if (!field || !selection.selectionSet || !isCompositeType(inner)) return []
      const isList = isListType(getNullableType(field.type))
      const asked = pageSizeOf(selection, field, defaults)
      const below = walk(selection.selectionSet, inner, asked !== null && !isList)
      // The edges of a page are as many as the page was asked to have.
      const size = asked ?? (isList && !insidePage ? ASSUMED_LENGTH : null)
      return size === null ? below : [{ size, inner: below }]
    })
  }
}

/** Null for a field that has no pages. */
function pageSizeOf(
  selection: FieldNode,
  field: GraphQLField<unknown, unknown>,
  defaults: ReadonlyMap<string, number>,
): PageSize | null {
  if (!field.args.some(({ name }) => name === 'first' || name === 'last')) return null
  const given = selection.arguments?.find(({ name, value }) => {
    return (name.value === 'first' || name.value === 'last') && value.kind !== Kind.NULL
  })
  if (given?.value.kind === Kind.INT) return Number(given.value.value)
  if (given?.value.kind !== Kind.VARIABLE) return DEFAULT_PAGE
  const variable = given.value.name.value
  return { variable, byDefault: defaults.get(variable) ?? DEFAULT_PAGE }
}

/** Refuses lists within lists within lists: each is short, and together they are everything there is. */
export function assertItems(
  pages: Pages,
  variables: Readonly<Record<string, unknown>>,
  limits: Limits,
): void {
  const actual = countItems(pages, variables)
  if (actual <= limits.items) return
  throw limitExceeded({
    code: 'ITEM_LIMIT_EXCEEDED',
    limit: limits.items,
    actual,
    what: `may return ${actual} items of lists`,
    remedy: 'Ask for shorter pages, or for the inner lists in further requests.',
  })
}

function countItems(pages: Pages, variables: Readonly<Record<string, unknown>>): number {
  let items = 0
  for (const { size, inner } of pages) {
    const asked = typeof size === 'number' ? size : (variables[size.variable] ?? size.byDefault)
    // A longer page is refused by the list itself; what is no number, by the types.
    const length = typeof asked === 'number' ? Math.min(Math.max(asked, 0), LARGEST_PAGE) : DEFAULT_PAGE
    items += length * (1 + countItems(inner, variables))
  }
  return items
}
