import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Measured, measureDemand } from './index.ts'
import { demandOf, rulesOf } from './demand-fixture.ts'

/** Every object is a Node, whatever leads there, so that any selection fits everywhere. */
const rules = rulesOf(`
  type Query { node: Node list: [Node!]! @listSize(assumedSize: 3) page(first: Int, last: Int): Page! @listSize(assumedSize: 2, slicingArguments: ["first", "last"], sizedFields: ["edges"], requireOneSlicingArgument: false) name: String }
  type Node { node: Node list: [Node!]! @listSize(assumedSize: 3) page(first: Int, last: Int): Page! @listSize(assumedSize: 2, slicingArguments: ["first", "last"], sizedFields: ["edges"], requireOneSlicingArgument: false) name: String dear: Node @cost(weight: 7) }
  type Page { edges: [Node!]! }
`)

type Size = number | 'n' | 'm' | null
type Condition = 'always' | 'v' | 'not v'

/** An operation as data, from which both its text is written and the oracle counts. */
type Selection =
  | { kind: 'name' }
  | { kind: 'node' | 'list' | 'inline'; when: Condition; inner: Selection[] }
  | { kind: 'page'; when: Condition; first: Size; last: Size; inner: Selection[] }
  | { kind: 'spread'; when: Condition; fragment: number }

interface Operation {
  root: Selection[]
  /** Each spreads only those after it. */
  fragments: Selection[][]
}

interface Variables {
  n: number | null
  m: number | null
  v: boolean
}

const FRAGMENTS = 3
const size = fc.constantFrom<Size>(0, 1, 2, 3, 'n', 'm', null)
const when = fc.constantFrom<Condition>('always', 'always', 'v', 'not v')

const selectionsFrom = (firstFragment: number) =>
  fc.letrec<{ set: Selection[]; one: Selection }>((tie) => ({
    set: fc.array(tie('one'), { minLength: 1, maxLength: 3 }),
    one: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constant<Selection>({ kind: 'name' }),
      ...(firstFragment < FRAGMENTS
        ? [
            fc.record({
              kind: fc.constant('spread' as const),
              when,
              fragment: fc.integer({ min: firstFragment, max: FRAGMENTS - 1 }),
            }),
          ]
        : []),
      fc.record({
        kind: fc.constantFrom('node' as const, 'list' as const, 'inline' as const),
        when,
        inner: tie('set'),
      }),
      fc.record({ kind: fc.constant('page' as const), when, first: size, last: size, inner: tie('set') }),
    ),
  })).set

const operations: fc.Arbitrary<Operation> = fc.record({
  root: selectionsFrom(0),
  fragments: fc.tuple(selectionsFrom(1), selectionsFrom(2), selectionsFrom(3)),
})
const variables: fc.Arbitrary<Variables> = fc.record({
  n: fc.option(fc.integer({ min: -1, max: 4 })),
  m: fc.option(fc.integer({ min: -1, max: 4 })),
  v: fc.boolean(),
})

/** Runs the operation as a server would whose lists are as long as they may be, one object after the other. */
function oracle({ root, fragments }: Operation, values: Variables): Measured {
  const seen = { items: 0, values: 0, cost: 0 }
  const object = (set: readonly Selection[], cost = 1) => {
    seen.cost += cost
    visit(set)
  }
  const visit = (set: readonly Selection[]): void => {
    for (const selection of set) {
      if (selection.kind === 'name') {
        seen.values += 1
        continue
      }
      if (selection.when === 'v' ? !values.v : selection.when === 'not v' && values.v) continue
      if (selection.kind === 'spread') visit(fragments[selection.fragment] ?? [])
      if (selection.kind === 'inline') visit(selection.inner)
      if (selection.kind === 'node') {
        seen.values += 1
        object(selection.inner)
      }
      if (selection.kind === 'list') {
        seen.values += 1
        for (let item = 0; item < 3; item += 1) {
          seen.items += 1
          object(selection.inner)
        }
      }
      if (selection.kind === 'page') {
        seen.values += 2
        seen.cost += 1
        const asked = [selection.first, selection.last]
          .map((one) => (typeof one === 'string' ? values[one] : one))
          .filter((one) => one !== null)
        const length = asked.length === 0 ? 2 : Math.max(...asked)
        for (let item = 0; item < length; item += 1) {
          seen.items += 1
          object(selection.inner)
        }
      }
    }
  }
  visit(root)
  return seen
}

function write({ root, fragments }: Operation): string {
  let names = 0
  const argument = (name: string, given: Size) =>
    given === null ? '' : `${name}: ${typeof given === 'string' ? `$${given}` : given} `
  const set = (selections: readonly Selection[]): string => `{ ${selections.map(one).join(' ')} }`
  const one = (selection: Selection): string => {
    if (selection.kind === 'name') return `f${(names += 1)}: name`
    const condition = { always: '', v: ' @include(if: $v)', 'not v': ' @skip(if: $v)' }[selection.when]
    if (selection.kind === 'spread') return `...F${selection.fragment}${condition}`
    if (selection.kind === 'inline') return `...${condition} ${set(selection.inner)}`
    const alias = `f${(names += 1)}: ${selection.kind}`
    if (selection.kind !== 'page') return `${alias}${condition} ${set(selection.inner)}`
    const given = argument('first', selection.first) + argument('last', selection.last)
    return `${alias}${given && `(${given})`}${condition} { edges ${set(selection.inner)} }`
  }
  return [
    `query ($n: Int, $m: Int, $v: Boolean!) ${set(root)}`,
    ...fragments.map((selections, place) => `fragment F${place} on Node ${set(selections)}`),
  ].join('\n')
}

const measure = (operation: Operation, values: Variables) =>
  measureDemand(demandOf(write(operation), rules), { ...values })

describe('what an operation is counted as', () => {
  test('is what running it with lists of those lengths brings about', () => {
    fc.assert(
      fc.property(operations, variables, (operation, values) => {
        expect(measure(operation, values)).toEqual(oracle(operation, values))
      }),
      { numRuns: 500 },
    )
  })

  test('never falls when more is selected', () => {
    fc.assert(
      fc.property(operations, selectionsFrom(0), variables, fc.nat(), (operation, more, values, place) => {
        const before = measure(operation, values)
        const after = measure(grown(operation, more, place), values)
        for (const what of ['items', 'values', 'cost'] as const) {
          expect(after[what]).toBeGreaterThanOrEqual(before[what])
        }
      }),
      { numRuns: 300 },
    )
  })
})

/** The operation with a further selection in one of its selection sets. */
function grown({ root, fragments }: Operation, more: Selection[], place: number): Operation {
  const sets: Selection[][] = []
  const collect = (set: Selection[]): Selection[] => {
    const copy: Selection[] = set.map((selection) =>
      'inner' in selection ? { ...selection, inner: collect(selection.inner) } : selection,
    )
    sets.push(copy)
    return copy
  }
  const copy = collect(root)
  sets[place % sets.length]?.push(...more)
  return { root: copy, fragments }
}
