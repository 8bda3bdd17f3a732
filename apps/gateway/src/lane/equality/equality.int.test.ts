import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { ALLOWED_DIFFERENCES } from './allowed-differences.ts'
import { Cases, toQuestion } from './case.ts'
import { differencesIn, fromApollo } from './compare.ts'
import { requestedRuns, requestedSeed } from './env.ts'
import { type GraphUnderTest, readWholeGraph } from './graph-under-test.ts'
import { composeHardGraph } from './hard-graph.ts'
import { distancesToCrossings } from './operation/crossings.ts'
import { openThreeWays } from './three-ways.ts'

const RUNS = requestedRuns ?? 2_000
const TIMEOUT_MS = 600_000

interface Graph {
  graph: GraphUnderTest
  size: { depth: number; fields: number }
  runs: number
}

const GRAPHS: readonly (readonly [name: string, Graph])[] = [
  ['the whole graph', { graph: readWholeGraph(), size: { depth: 6, fields: 40 }, runs: RUNS }],
  // Planning what has several ways takes Apollo long, so it is asked for less of it.
  [
    'a graph with all of federation in it',
    { graph: composeHardGraph(), size: { depth: 4, fields: 12 }, runs: Math.ceil(RUNS / 5) },
  ],
]

describe.each(GRAPHS)('an operation over %s', (_, { graph, size, runs }) => {
  test(
    'is answered the same by the fast lane, by the slow lane and by Apollo',
    async () => {
      const ways = await openThreeWays(graph)
      const { schema } = ways
      const cases = new Cases({ schema, distance: distancesToCrossings(schema, graph.sdl), size })
      const property = fc.asyncProperty(cases, async (one) => {
        expect(differencesIn(await ways.ask(toQuestion(one)))).toEqual([])
      })
      const seed = requestedSeed === undefined ? {} : { seed: requestedSeed }
      await fc.assert(property, { numRuns: runs, ...seed }).finally(() => ways.stop())
    },
    TIMEOUT_MS,
  )
})

/** Should one of them answer alike one day, it need not be allowed any more. */
describe('what is allowed to differ', () => {
  test('does, each for its own reason', async () => {
    const ways = await openThreeWays(readWholeGraph())
    try {
      for (const { reason, example, isAll } of ALLOWED_DIFFERENCES) {
        const compared = await ways.ask(example)
        const differs = fromApollo(compared).length > 0
        expect({ reason, differs, isAll: isAll(compared) }).toEqual({ reason, differs: true, isAll: true })
      }
    } finally {
      await ways.stop()
    }
  })
})
