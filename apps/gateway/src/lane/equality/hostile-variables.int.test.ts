import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { requestedRuns, requestedSeed } from './env.ts'
import { readWholeGraph } from './graph-under-test.ts'
import { openLanes, type OpenLanes } from './open-lanes.ts'
import { createPreparation, type PreparedQuestion, type Question } from './prepare.ts'
import { createGeneratedSubgraphs } from './world/generated-subgraphs.ts'
import type { World } from './world/world.ts'

const RUNS = requestedRuns ?? 2_000

const graph = readWholeGraph()
const subgraphs = createGeneratedSubgraphs(graph.sdl)
const world: World = { seed: 7, errors: 0, nulls: 5, dangling: 0, breakage: 'none' }

let fast: OpenLanes
let slow: OpenLanes
let prepare: (question: Question) => PreparedQuestion
beforeAll(async () => {
  fast = await openLanes({ graph, subgraphs, slowOnly: false, mergeEntityFetches: true })
  slow = await openLanes({ graph, subgraphs, slowOnly: true, mergeEntityFetches: false })
  prepare = createPreparation(graph, fast.lanes.schema)
})
afterAll(() => Promise.all([fast.lanes.stop(), slow.lanes.stop()]))

const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'representations',
  'then',
  'v',
]
const TEXTS = [
  '',
  '"',
  '\\',
  '\\"}],"x":1',
  '\u2028\u2029',
  '\ud800',
  '\udc00x\ud800',
  '\u0000\u001f\u007f',
  '</script>',
  '${process}',
  ...NAMES,
]

const texts = fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'binary' }))
const keys = fc.oneof(fc.constantFrom(...NAMES), texts)
const open = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    texts,
    fc.double(),
    fc.constantFrom(null, true, -0, 1e21, Number.MAX_SAFE_INTEGER),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(keys, tie('value')), { maxLength: 3 }).map(ownMembers),
  ),
})).value

/** As JSON.parse makes them: `__proto__` is a name like another. */
function ownMembers(members: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(members)
}

const filters = fc.oneof(
  { weight: 4, arbitrary: fc.record({ search: texts, sportId: texts }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: open },
)
const names = fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 3, maxLength: 3 })

describe('variables with names and values that something on the way might take for its own', () => {
  test('reach subgraphs alike through both lanes', async () => {
    const variables = fc.record({
      names,
      id: texts,
      search: texts,
      filter: filters,
      more: open,
      unasked: keys,
    })
    await fc.assert(
      fc.asyncProperty(
        variables,
        async ({ names: [a = '', b = '', c = ''], id, search, filter, more, unasked }) => {
          const query = `query ($${a}: ID!, $${b}: String, $${c}: TeamFilter) {
          user(id: $${a}) { id username displayName stats { followersCount } }
          teams(filter: $${c}) { edges { node { id name } } }
          users(search: $${b}) { edges { node { username } } }
          statsAuditLog(filter: { entityId: $${a} }) { edges { node { id before actor { username } } } }
          again: user(id: $${a}) { createdAt }
        }`
          const given = ownMembers([
            [unasked, more],
            [a, id],
            [b, search],
            [c, filter],
          ])
          const question = prepare({ query, variables: given as Question['variables'], world })
          expect(await fast.ask(question)).toEqual(await slow.ask(question))
        },
      ),
      { numRuns: RUNS, ...(requestedSeed !== undefined && { seed: requestedSeed }) },
    )
  }, 300_000)
})
