import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type DocumentNode, Kind, parse, type SelectionSetNode } from 'graphql'
import { measureDocument, type Shape } from './index.ts'

/** Writes out every fragment and counts what is then there. */
function naiveShape(document: DocumentNode): Shape {
  const shape = { depth: 0, introspectionDepth: 0, aliases: 0, rootFields: 0, directives: 0, selections: 0 }
  const count = (set: SelectionSetNode, above: number, introspection: boolean): void => {
    for (const selection of set.selections) {
      shape.selections += 1
      shape.directives += selection.directives?.length ?? 0
      if (selection.kind === Kind.INLINE_FRAGMENT) count(selection.selectionSet, above, introspection)
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = document.definitions.find(
          (definition) => 'name' in definition && definition.name?.value === selection.name.value,
        )
        if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) continue
        shape.directives += fragment.directives?.length ?? 0
        count(fragment.selectionSet, above, introspection)
      }
      if (selection.kind !== Kind.FIELD) continue
      const inside = introspection || selection.name.value === '__schema'
      if (above === 0) shape.rootFields += 1
      if (selection.alias) shape.aliases += 1
      if (inside) shape.introspectionDepth = Math.max(shape.introspectionDepth, above + 1)
      else shape.depth = Math.max(shape.depth, above + 1)
      if (selection.selectionSet) count(selection.selectionSet, above + 1, inside)
    }
  }
  const [operation] = document.definitions
  if (operation?.kind === Kind.OPERATION_DEFINITION) count(operation.selectionSet, 0, false)
  return shape
}

const FRAGMENTS = 5

/** A selection set that may spread only fragments after the given one, so that there is no circle. */
const selectionSet = (from: number) =>
  fc.letrec<{ set: string; selection: string }>((tie) => ({
    set: fc
      .array(tie('selection'), { minLength: 1, maxLength: 4 })
      .map((selections) => `{ ${selections.join(' ')} }`),
    selection: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'selection' },
      fc.constantFrom('a', 'b @skip(if: true)', 'x: a', '__typename'),
      tie('set').map((set) => `c ${set}`),
      tie('set').map((set) => `__schema ${set}`),
      tie('set').map((set) => `... on T @include(if: true) ${set}`),
      from < FRAGMENTS
        ? fc.integer({ min: from, max: FRAGMENTS - 1 }).map((n) => `...F${n}`)
        : fc.constant('d'),
    ),
  })).set

const documents = fc
  .tuple(...Array.from({ length: FRAGMENTS + 1 }, (_, n) => selectionSet(n)))
  .map(([operation, ...fragments]) =>
    [`query ${operation}`, ...fragments.map((set, n) => `fragment F${n} on T @f ${set}`)].join('\n'),
  )

describe('the shape of any operation', () => {
  test('is that of its document with every fragment written out', () => {
    fc.assert(
      fc.property(documents, (text) => {
        const document = parse(text)
        expect([...measureDocument(document).values()]).toEqual([naiveShape(document)])
      }),
      { numRuns: 300 },
    )
  })
})
