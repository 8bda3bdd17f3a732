import {
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isUnionType,
} from 'graphql'
import { ALWAYS, both, type Condition, implies } from './condition.ts'
import { Refusal } from './refusal.ts'
import type { FieldSelection, SelectionSet } from './selection-set.ts'

/** A selection set that a value is written with: the type it was written on, and when it counts. */
export interface Entry {
  readonly set: SelectionSet
  readonly parent: GraphQLCompositeType
  readonly when: Condition
}

/** A place in an object where a key may come: the first selection of its response name that is not left out. */
export interface OutputField {
  readonly responseName: string
  /** Of the type the selection stands on, not of the value's own: an interface may allow a null where the type does not. */
  readonly definition: GraphQLField<unknown, unknown> | null
  /** Where the selection stands; `__typename` of a value that does not tell its own is this one. */
  readonly parent: GraphQLCompositeType
  readonly when: Condition
  /** Selections of the same response name before this one. */
  readonly unless: readonly Condition[]
  /** All selections of the response name, also those after this one. */
  readonly entries: readonly Entry[]
}

interface Slot {
  readonly places: OutputField[]
  readonly seen: Condition[]
  readonly entries: Entry[]
}

/** Fragments may be many more when each is followed for each type: a bound to the work, in selections visited. */
export interface Budget {
  visits: number
}

/** Lists what an object shows. `known` is its type by its own `__typename`; null where it tells none. */
export function collectOutputFields(
  schema: GraphQLSchema,
  known: GraphQLObjectType | null,
  entries: readonly Entry[],
  budget: Budget,
): OutputField[] {
  const fields: OutputField[] = []
  const slots = new Map<string, Slot>()
  const visited = new Set<string>()

  const addField = (selection: FieldSelection, parent: GraphQLCompositeType, when: Condition): void => {
    const { responseName, name, set } = selection
    const definition = name === '__typename' ? null : fieldOf(parent, name)
    let slot = slots.get(responseName)
    if (!slot) slots.set(responseName, (slot = { places: [], seen: [], entries: [] }))
    if (!slot.seen.some((before) => implies(when, before))) {
      const unless = [...slot.seen]
      fields.push({ responseName, definition, parent, when, unless, entries: slot.entries })
      slot.seen.push(when)
    }
    const type = definition && getNamedType(definition.type)
    if (isCompositeType(type)) slot.entries.push({ set, parent: type, when })
  }

  const visit = ({ set, parent, when }: Entry): void => {
    const key = entryKey({ set, parent, when })
    if (visited.has(key)) return
    visited.add(key)
    for (const selection of set.selections) {
      budget.visits -= 1
      if (budget.visits < 0) throw new Refusal('fragments that unfold too far')
      const now = both(when, selection.when)
      if (!now) continue
      if (selection.kind === 'field') {
        addField(selection, parent, now)
        continue
      }
      const condition = selection.typeCondition === null ? null : compositeOf(schema, selection.typeCondition)
      // Apollo's way, also where it is odd: a value that does not tell its type is taken for what the last fragment
      // around it said, so a fragment on a narrower type inside is left out.
      if (condition && !isSame(schema, condition, known ?? parent)) continue
      visit({ set: selection.set, parent: condition ?? parent, when: now })
    }
  }

  entries.forEach(visit)
  return fields.map((field) => ({ ...field, entries: toSimpler(field.entries) }))
}

/** A value that is written at all needs no look at a condition that all its selections share. */
function toSimpler(entries: readonly Entry[]): Entry[] {
  const [first] = entries
  const shared = first && entries.every(({ when }) => implies(when, first.when) && implies(first.when, when))
  const simpler = shared ? entries.map((entry) => ({ ...entry, when: ALWAYS })) : entries
  return [...new Map(simpler.map((entry) => [entryKey(entry), entry])).values()]
}

export function entryKey({ set, parent, when }: Entry): string {
  return `${set.id} ${parent.name} ${when.mask} ${when.value}`
}

function isSame(schema: GraphQLSchema, condition: GraphQLCompositeType, type: GraphQLCompositeType): boolean {
  if (condition === type) return true
  return isAbstractType(condition) && !isUnionType(type) && schema.isSubType(condition, type)
}

function compositeOf(schema: GraphQLSchema, name: string): GraphQLCompositeType {
  const type = schema.getType(name)
  if (!isCompositeType(type)) throw new Refusal('a fragment on an unknown type')
  return type
}

function fieldOf(parent: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> {
  const fields = isUnionType(parent) ? {} : parent.getFields()
  const field = fields[name]
  if (!field) throw new Refusal('an unknown field')
  return field
}
