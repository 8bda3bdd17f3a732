import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  getNamedType,
  getNullableType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type InlineFragmentNode,
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

/** What one argument asks for: written down, or in a variable. */
type Asked = number | { variable: string; byDefault: number | null }

/** What is selected of one object, with the objects within it that are no lists. */
export interface Pages {
  /** Fields, and once more for every so many letters of a name: an alias is repeated with each item. */
  readonly values: number
  readonly lists: readonly { asked: readonly Asked[]; inner: Pages }[]
}

/** What a list gives whose page size nobody asks for. */
const DEFAULT_PAGE = 20

/** How long a list is taken to be that has no pages, such as a roster: the domain bounds it, at about this. */
const ASSUMED_LENGTH = 20

/** A name in the response counts as one more value for each so many letters. */
const LETTERS_OF_A_VALUE = 32

/** The lists and fields of an operation that its schema allows. Recursion is bounded: it has passed the limit on depth. */
export function pagesIn(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  schema: GraphQLSchema,
): Pages {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const defaults = new Map<string, number | null>()
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    if (defaultValue?.kind === Kind.INT) defaults.set(variable.name.value, Number(defaultValue.value))
  }
  const root = schema.getRootType(operation.operation)
  return root ? walk(operation.selectionSet, root, false) : { values: 0, lists: [] }

  function walk(set: SelectionSetNode, type: GraphQLCompositeType, insidePage: boolean): Pages {
    let values = 0
    const lists: { asked: readonly Asked[]; inner: Pages }[] = []
    for (const selection of set.selections) {
      const { inner, asked } =
        selection.kind === Kind.FIELD
          ? fieldBelow(selection, type, insidePage)
          : { inner: fragmentBelow(selection, type, insidePage), asked: null }
      if (selection.kind === Kind.FIELD) values += valuesOf(selection)
      if (!inner) continue
      if (asked) {
        lists.push({ asked, inner })
      } else {
        values += inner.values
        for (const list of inner.lists) lists.push(list)
      }
    }
    return { values, lists }
  }

  function fragmentBelow(
    selection: FragmentSpreadNode | InlineFragmentNode,
    type: GraphQLCompositeType,
    insidePage: boolean,
  ): Pages | null {
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
    if (!fragment) return null
    const narrowed = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value)
    return walk(fragment.selectionSet, isCompositeType(narrowed) ? narrowed : type, insidePage)
  }

  /** What a field selects, and what is asked of its length; null if it is no list. */
  function fieldBelow(
    selection: FieldNode,
    type: GraphQLCompositeType,
    insidePage: boolean,
  ): { inner: Pages | null; asked: readonly Asked[] | null } {
    const field = isUnionType(type) ? undefined : type.getFields()[selection.name.value]
    const inner = field && getNamedType(field.type)
    if (!field || !selection.selectionSet || !isCompositeType(inner)) return { inner: null, asked: null }
    const isList = isListType(getNullableType(field.type))
    const asked = pageSizeOf(selection, field, defaults)
    return {
      inner: walk(selection.selectionSet, inner, asked !== null && !isList),
      // The edges of a page are as many as the page was asked to have.
      asked: asked ?? (isList && !insidePage ? [ASSUMED_LENGTH] : null),
    }
  }
}

function valuesOf({ alias, name }: FieldNode): number {
  return 1 + Math.floor((alias ?? name).value.length / LETTERS_OF_A_VALUE)
}

/** What `first` and `last` ask for; null for a field that has no pages. */
function pageSizeOf(
  selection: FieldNode,
  field: GraphQLField<unknown, unknown>,
  defaults: ReadonlyMap<string, number | null>,
): readonly Asked[] | null {
  if (!field.args.some(({ name }) => isPageSize(name))) return null
  return (selection.arguments ?? []).flatMap(({ name, value }): Asked[] => {
    if (!isPageSize(name.value)) return []
    if (value.kind === Kind.INT) return [Number(value.value)]
    if (value.kind !== Kind.VARIABLE) return []
    const variable = value.name.value
    return [{ variable, byDefault: defaults.get(variable) ?? null }]
  })
}

function isPageSize(argument: string): boolean {
  return argument === 'first' || argument === 'last'
}

/**
 * Refuses lists within lists within lists: each is short, and together they are everything there is. Also refuses
 * fewer items of which each is asked for very much.
 */
export function assertItems(
  pages: Pages,
  variables: Readonly<Record<string, unknown>>,
  limits: Limits,
): void {
  const { items, values } = count(pages, variables)
  if (items > limits.items) {
    throw limitExceeded({
      code: 'ITEM_LIMIT_EXCEEDED',
      limit: limits.items,
      actual: items,
      what: `may return ${items} items of lists`,
      remedy: 'Ask for shorter pages, or for the inner lists in further requests.',
    })
  }
  if (values > limits.values) {
    throw limitExceeded({
      code: 'VALUE_LIMIT_EXCEEDED',
      limit: limits.values,
      actual: values,
      what: `may return ${values} values`,
      remedy: 'Ask for fewer fields of each item, with short names, or for shorter pages.',
    })
  }
}

function count(
  { values, lists }: Pages,
  variables: Readonly<Record<string, unknown>>,
): { items: number; values: number } {
  const total = { items: 0, values }
  for (const { asked, inner } of lists) {
    const length = lengthOf(asked, variables)
    const each = count(inner, variables)
    total.items += length * (1 + each.items)
    total.values += length * each.values
  }
  return total
}

/** Where both ends are asked for, the list decides which it gives: the longer one counts. */
function lengthOf(asked: readonly Asked[], variables: Readonly<Record<string, unknown>>): number {
  const sizes = asked.map((size) => (typeof size === 'number' ? size : valueOf(size, variables)))
  // What is no number is refused by the types.
  const numbers = sizes.filter((size) => typeof size === 'number')
  // A longer page is refused by the list itself.
  return numbers.length === 0 ? DEFAULT_PAGE : Math.min(Math.max(...numbers, 0), LARGEST_PAGE)
}

/** A variable may be called `toString`: only what the caller sent counts. */
function valueOf(
  { variable, byDefault }: Exclude<Asked, number>,
  variables: Readonly<Record<string, unknown>>,
): unknown {
  return Object.hasOwn(variables, variable) ? variables[variable] : byDefault
}
