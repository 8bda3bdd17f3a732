import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getNullableType,
  type GraphQLCompositeType,
  isCompositeType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { type Demand, toDemand } from './demand.ts'
import type { DemandRules, FieldRule } from './demand-rules.ts'
import { inputTimes } from './input-times.ts'
import { lengthOf } from './list-length.ts'
import { add, emptySum, type Sum, type Times } from './sum.ts'
import { timesRun } from './times-run.ts'
import { variableDefaults } from './variable-values.ts'

/** A name in the response counts as one more value for each so many letters. */
const LETTERS_OF_A_VALUE = 32

/** Each field of a mutation writes, whatever it answers: a transaction with a lock and an entry of a log, 2 ms. */
const MUTATION_COST = 50

/** The whole schema takes a server 40 ms, during which it does nothing else. */
const INTROSPECTION_COST = 1_000

/** What asks for the schema itself. No rule of the schema could give it a weight. */
const INTROSPECTION: ReadonlySet<string> = new Set(['__schema', '__type'])

/** How long the lists of a page object are. */
interface Page {
  readonly length: Times
  /** Null: each list that says nothing itself. */
  readonly fields: ReadonlySet<string> | null
}

/**
 * What an operation asks for, with the weights and lengths of the schema. The cost of a field is what its arguments
 * cost, and as often as its list is long its weight with the cost of all that is selected of it; a fragment counts
 * whatever type it is for. Recursion is bounded: the operation has passed the limits on nesting and depth, and is valid.
 *
 * Throws the refusal of a field that lacks the length it must be asked for.
 */
export function compileDemand(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  rules: DemandRules,
): Demand {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const defaults = variableDefaults(operation)
  const spreads = new Map<Page | null, Map<FragmentDefinitionNode, Sum>>()
  const root = rules.schema.getRootType(operation.operation)
  const mutation = rules.schema.getMutationType()
  return toDemand(root ? walk(operation.selectionSet, root, null) : emptySum())

  function walk(set: SelectionSetNode, type: GraphQLCompositeType, page: Page | null): Sum {
    const sum = emptySum()
    for (const selection of set.selections) {
      const times = (selection.directives ?? []).map((directive) => timesRun(directive, defaults))
      // Both directives may stand at one selection, and then both must let it pass.
      add(
        sum,
        1,
        times.reduce((inner, run) => repeated(run, inner), selected(selection, type, page)),
      )
    }
    return sum
  }

  function selected(selection: SelectionNode, type: GraphQLCompositeType, page: Page | null): Sum {
    if (selection.kind === Kind.FIELD) return fieldSum(selection, type, page)
    if (selection.kind === Kind.FRAGMENT_SPREAD) return spreadSum(selection.name.value, type, page)
    return walk(selection.selectionSet, narrowed(type, selection.typeCondition?.name.value), page)
  }

  /** Each fragment once, however often it is spread. Inside a page its lists are as long as that page's. */
  function spreadSum(name: string, type: GraphQLCompositeType, page: Page | null): Sum {
    const fragment = fragments.get(name)
    if (!fragment) return emptySum()
    const known = spreads.get(page) ?? new Map<FragmentDefinitionNode, Sum>()
    spreads.set(page, known)
    let sum = known.get(fragment)
    if (!sum) {
      sum = walk(fragment.selectionSet, narrowed(type, fragment.typeCondition.name.value), page)
      known.set(fragment, sum)
    }
    return sum
  }

  function narrowed(type: GraphQLCompositeType, condition: string | undefined): GraphQLCompositeType {
    const named = condition === undefined ? null : rules.schema.getType(condition)
    return isCompositeType(named) ? named : type
  }

  function fieldSum(selection: FieldNode, type: GraphQLCompositeType, page: Page | null): Sum {
    const sum = emptySum()
    sum.values = valuesOf(selection)
    const rule = rules.field(type, selection.name.value)
    if (!rule) {
      if (INTROSPECTION.has(selection.name.value)) sum.cost = INTROSPECTION_COST
      return sum
    }
    const inner = getNamedType(rule.field.type)
    const isList = isListType(getNullableType(rule.field.type))
    const isSized = page !== null && isList && isSizedBy(page, selection, rule)
    const length = isSized ? page.length : isList || rule.list ? lengthOf(selection, rule.list, defaults) : 1
    const each = emptySum()
    each.cost = type === mutation ? MUTATION_COST + rule.weight : rule.weight
    if (selection.selectionSet && isCompositeType(inner)) {
      const isPage = !isList && rule.list !== null
      // Whoever asks for a page reads its rows, whatever is selected of them: they count there, and once.
      if (isPage) add(sum, length, ONE_ITEM)
      if (isList && !isSized) each.items = 1
      const pageOfLists = isPage ? { length, fields: rule.list.sizedFields } : null
      add(each, 1, walk(selection.selectionSet, inner, pageOfLists))
    }
    add(sum, isList ? length : 1, each)
    for (const given of selection.arguments ?? []) {
      const weigher = rule.weigherOf(given.name.value)
      if (weigher) add(sum, inputTimes(given.value, weigher, defaults), ONE_COST)
    }
    return sum
  }
}

function isSizedBy({ fields }: Page, { name }: FieldNode, { list }: FieldRule): boolean {
  return fields ? fields.has(name.value) : list === null
}

const ONE_COST: Sum = { ...emptySum(), cost: 1 }
const ONE_ITEM: Sum = { ...emptySum(), items: 1 }

function repeated(times: Times, each: Sum): Sum {
  if (times === 1) return each
  const sum = emptySum()
  add(sum, times, each)
  return sum
}

function valuesOf({ alias, name }: FieldNode): number {
  return 1 + Math.floor((alias ?? name).value.length / LETTERS_OF_A_VALUE)
}
