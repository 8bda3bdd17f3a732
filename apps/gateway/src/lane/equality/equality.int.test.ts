import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { ALLOWED_DIFFERENCES } from './allowed-differences.ts'
import { Cases, toQuestion } from './case.ts'
import { differencesIn, fromApollo } from './compare.ts'
import { requestedRuns, requestedSeed } from './env.ts'
import { type GraphUnderTest, readWholeGraph } from './graph-under-test.ts'
import { composeHardGraph, composeSharedValues } from './hard-graph.ts'
import { distancesToCrossings } from './operation/crossings.ts'
import { openThreeWays, type ThreeWays } from './three-ways.ts'
import { type Breakage, BREAKAGES } from './world/break-answer.ts'

const RUNS = requestedRuns ?? 2_000
const TIMEOUT_MS = 600_000

interface Graph {
  graph: GraphUnderTest
  size: { depth: number; fields: number }
  runs: number
  breakages: readonly Breakage[]
}

const GRAPHS: readonly (readonly [name: string, Graph])[] = [
  [
    'the whole graph',
    { graph: readWholeGraph(), size: { depth: 6, fields: 40 }, runs: RUNS, breakages: BREAKAGES },
  ],
  // When several subgraphs contradict each other about one entity, it is as whoever answers last says: such worlds
  // have no one answer. Planning what has several ways takes Apollo long, so it is asked for less of it.
  [
    'a graph with all of federation in it',
    {
      graph: composeHardGraph(),
      size: { depth: 4, fields: 12 },
      runs: Math.ceil(RUNS / 8),
      breakages: ['none', 'answers'],
    },
  ],
  [
    'values of which several subgraphs know a part',
    {
      graph: composeSharedValues(),
      size: { depth: 4, fields: 12 },
      runs: Math.ceil(RUNS / 20),
      breakages: ['none'],
    },
  ],
]

describe.each(GRAPHS)('an operation over %s', (_, { graph, size, runs, breakages }) => {
  test(
    'is answered the same by the fast lane, by the slow lane and by Apollo',
    async () => {
      const ways = await openThreeWays(graph)
      const { schema } = ways
      const cases = new Cases({ schema, distance: distancesToCrossings(schema, graph.sdl), size }, breakages)
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
  let whole: ThreeWays
  let hard: ThreeWays
  beforeAll(async () => {
    whole = await openThreeWays(readWholeGraph())
    hard = await openThreeWays(composeHardGraph())
  })
  afterAll(() => Promise.all([whole.stop(), hard.stop()]))

  test.each(ALLOWED_DIFFERENCES)('does: $reason', async ({ example, isAll, isHard = false }) => {
    const compared = await (isHard ? hard : whole).ask(example)
    expect(fromApollo(compared)).not.toEqual([])
    expect(isAll(compared)).toBe(true)
  })
})
