import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { Cases, toQuestion } from './case.ts'
import { requestedRuns, requestedSeed } from './env.ts'
import { readWholeGraph } from './graph-under-test.ts'
import { openThreeWays, type ThreeWays } from './three-ways.ts'
import { distancesToCrossings } from './operation/crossings.ts'

const RUNS = requestedRuns ?? 2_000
const MINUTES = 60_000

const graph = readWholeGraph()
let ways: ThreeWays
beforeAll(async () => {
  ways = await openThreeWays(graph)
})
afterAll(() => ways.stop())

describe('an operation over the whole graph', () => {
  test(
    'is answered the same by the fast lane, by the slow lane and by Apollo',
    async () => {
      const cases = new Cases(ways.schema, distancesToCrossings(ways.schema, graph.sdl))
      await fc.assert(
        fc.asyncProperty(cases, async (one) => {
          expect(await ways.differencesIn(toQuestion(one))).toEqual([])
        }),
        { numRuns: RUNS, ...(requestedSeed !== undefined && { seed: requestedSeed }) },
      )
    },
    10 * MINUTES,
  )
})
