import { describe, expect, test } from '@jest/globals'
import { collectGarbage } from '@courtside/testing'
import { Kind, parse } from 'graphql'
import { rulesOf } from './demand-fixture.ts'
import { compileDemand, type Demand, measureDemand } from './index.ts'

const rules = rulesOf(`
  type Query { teams(first: Int): Teams! find(words: [Words!], more: Words): Team }
  type Teams { edges: [Edge!]! }
  type Edge { node: Team! }
  type Team { name: String teams(first: Int): Teams! }
  input Words { word: String more: [Words!] }
`)

/** A demand, and whether each part of the document it was made of is still in memory. */
function compile(): { demand: Demand; definitions: WeakRef<object>[] } {
  const page = 'teams(first: $n) @include(if: $v) { edges { node { ...T name } } }'
  const document = parse(`
    query ($n: Int = 3, $v: Boolean = true, $w: Words, $more: [Words!] = [{ word: "a" }]) {
      ...Q find(words: [{ word: "b" }, { more: $more }, $w], more: $w) { name }
    }
    fragment Q on Query { ${page} }
    fragment T on Team { teams(first: 2) @skip(if: $v) { edges { node { name } } } }`)
  const [operation] = document.definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation')
  const definitions = document.definitions.map((definition) => new WeakRef(definition))
  return { demand: compileDemand(operation, document, rules), definitions }
}

describe('what is kept of an operation', () => {
  test('is nothing of its document, which may be large and is forgotten sooner', async () => {
    const { demand, definitions } = compile()
    // What a weak reference was made of lives on until the job ends.
    await new Promise(setImmediate)
    collectGarbage()
    expect(definitions.map((definition) => definition.deref())).toEqual([undefined, undefined, undefined])
    expect(demand.steps.length).toBeGreaterThan(3)
    expect(measureDemand(demand, { w: { word: 'c' } }).cost).toBe(1 + 3 * 2 + (1 + 1 + 1 + 1 + 1 + 1))
  })
})
