import {
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type InlineFragmentNode,
  Kind,
  print,
  type SelectionNode,
} from 'graphql'
import type { Condition, Conditions } from './condition.ts'
import { assertName, Refusal } from './refusal.ts'

/** Equal selection sets of one operation are one object, so that what is made of them can be found again. */
export interface SelectionSet {
  readonly id: number
  readonly selections: readonly Selection[]
}

export interface FieldSelection {
  readonly kind: 'field'
  readonly responseName: string
  readonly name: string
  readonly when: Condition
  readonly set: SelectionSet
}

export interface FragmentSelection {
  readonly kind: 'fragment'
  /** Null for an inline fragment that names none. */
  readonly typeCondition: string | null
  readonly when: Condition
  readonly set: SelectionSet
}

export type Selection = FieldSelection | FragmentSelection

/**
 * Reads selection sets in Apollo's order, which is the order of keys in the response: in one set, fields of one
 * response name and fragments of one type are joined where the first of them stands, if their directives are the same.
 */
export function createSelectionReader(
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  conditions: Conditions,
): (nodes: readonly SelectionNode[]) => SelectionSet {
  const sets = new Map<string, SelectionSet>()
  const named = new Map<string, SelectionSet | 'being read'>()

  const intern = (selections: readonly Selection[]): SelectionSet => {
    const key = selections.map(keyOf).join()
    let set = sets.get(key)
    if (!set) sets.set(key, (set = { id: sets.size, selections }))
    return set
  }

  const readFragment = (name: string, definition: FragmentDefinitionNode): SelectionSet => {
    const known = named.get(name)
    if (known === 'being read') throw new Refusal('a fragment that spreads itself')
    if (known) return known
    named.set(name, 'being read')
    const set = read(definition.selectionSet.selections)
    named.set(name, set)
    return set
  }

  const readField = (node: FieldNode, when: Condition, inner: readonly SelectionNode[]): FieldSelection => {
    const name = assertName(node.name.value)
    const responseName = assertName((node.alias ?? node.name).value)
    if (name === '__schema' || name === '__type') throw new Refusal('introspection')
    if (responseName in Object.prototype) throw new Refusal('a response name that every object has')
    if (responseName === '__typename' && name !== responseName)
      throw new Refusal('__typename for another field')
    return { kind: 'field', responseName, name, when, set: read(inner) }
  }

  const readSpread = ({ name }: FragmentSpreadNode, when: Condition): FragmentSelection => {
    const definition = fragments.get(name.value)
    if (!definition) throw new Refusal('an unknown fragment')
    const typeCondition = definition.typeCondition.name.value
    return { kind: 'fragment', typeCondition, when, set: readFragment(name.value, definition) }
  }

  const readAlike = (alike: readonly [SelectionNode, ...SelectionNode[]]): Selection | null => {
    const [node] = alike
    const when = conditions.read(node.directives)
    if (!when) return null
    if (node.kind === Kind.FRAGMENT_SPREAD) return readSpread(node, when)
    const inner = alike.flatMap(innerSelections)
    if (node.kind === Kind.FIELD) return readField(node, when, inner)
    const typeCondition = node.typeCondition?.name.value ?? null
    return { kind: 'fragment', typeCondition, when, set: read(inner) }
  }

  const read = (nodes: readonly SelectionNode[]): SelectionSet => {
    const groups = new Map<string, [SelectionNode, ...SelectionNode[]]>()
    for (const node of nodes) {
      const key = joinKey(node)
      const group = groups.get(key)
      if (group) group.push(node)
      else groups.set(key, [node])
    }
    return intern([...groups.values()].map(readAlike).filter((selection) => selection !== null))
  }

  return read
}

function innerSelections(node: SelectionNode): readonly SelectionNode[] {
  return node.kind === Kind.FRAGMENT_SPREAD ? [] : (node.selectionSet?.selections ?? [])
}

function joinKey(node: SelectionNode): string {
  return [nameKey(node), ...(node.directives ?? []).map((directive) => print(directive))].join(' @')
}

function nameKey(node: FieldNode | FragmentSpreadNode | InlineFragmentNode): string {
  if (node.kind === Kind.FIELD) return (node.alias ?? node.name).value
  if (node.kind === Kind.FRAGMENT_SPREAD) return `...${node.name.value}`
  return `... on ${node.typeCondition?.name.value ?? ''}`
}

function keyOf(selection: Selection): string {
  const { when, set } = selection
  const what =
    selection.kind === 'field'
      ? `${selection.responseName}:${selection.name}`
      : `...${selection.typeCondition ?? ''}`
  return `${what} ${when.mask} ${when.value} ${set.id}`
}
