import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '@courtside/auth'
import { principals } from '@courtside/testing'
import * as fc from 'fast-check'
import { parse } from 'graphql'
import { type Case, Cases, toQuestion } from './case.ts'
import { requestedRuns, requestedSeed } from './env.ts'
import { readWholeGraph } from './graph-under-test.ts'
import { openLanes, type OpenLanes } from './open-lanes.ts'
import { distancesToCrossings } from './operation/crossings.ts'
import { createPreparation, type PreparedQuestion } from './prepare.ts'
import { BREAKAGES } from './world/break-answer.ts'
import { roll } from './world/dice.ts'
import { createGeneratedSubgraphs } from './world/generated-subgraphs.ts'
import type { World } from './world/world.ts'

const RUNS = Math.ceil((requestedRuns ?? 2_000) / 10)

/** They differ in one thing each from one of the others. */
const CALLERS: readonly Principal[] = [
  principals.anonymous,
  principals.user('viewer', 'one'),
  principals.user('viewer', 'two'),
  { ...principals.user('viewer', 'two'), scopes: ['manage:users'] },
  principals.partner('write:games'),
]

const graph = readWholeGraph()
const subgraphs = createGeneratedSubgraphs(graph.sdl)
const worldOf = (world: World, principal: Principal): World => ({
  ...world,
  seed: roll(world.seed, JSON.stringify(principal)),
})

let together: OpenLanes
let alone: OpenLanes
let prepare: (one: Case) => PreparedQuestion
let cases: Cases
beforeAll(async () => {
  const options = { graph, subgraphs, worldOf, slowOnly: false, mergeEntityFetches: true }
  // An answer takes a turn of the loop, so that whoever comes meanwhile could join.
  together = await openLanes({ ...options, beforeAnswer: () => setImmediate() })
  alone = await openLanes(options)
  const { schema } = together.lanes
  const preparation = createPreparation(graph, schema)
  prepare = (one) => preparation(toQuestion(one))
  const size = { depth: 6, fields: 40 }
  cases = new Cases({ schema, distance: distancesToCrossings(schema, graph.sdl), size }, BREAKAGES)
})
afterAll(() => Promise.all([together.lanes.stop(), alone.lanes.stop()]))

describe('callers with different rights who ask the same at the same time', () => {
  test('each get what they would get alone, in whatever order they come', async () => {
    const order = fc.array(fc.nat(CALLERS.length - 1), { minLength: 2, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(cases, order, async (one, order) => {
        const question = prepare(one)
        const callers = order.map((index) => CALLERS[index] ?? principals.anonymous)
        const expected = []
        for (const caller of callers) expected.push(await alone.ask(question, caller))
        const answers = await Promise.all(callers.map((caller) => together.ask(question, caller)))
        expect(answers).toEqual(expected)
      }),
      { numRuns: RUNS, ...(requestedSeed !== undefined && { seed: requestedSeed }) },
    )
  }, 300_000)

  test('are answered from worlds of their own, unless it is the same for everybody', async () => {
    const ask = async (query: string) => {
      const operation = { document: parse(query), variables: {} }
      const world: World = { seed: 1, errors: 0, nulls: 0, dangling: 0, breakage: 'none' }
      const question = prepare({ operation, world })
      return new Set(
        await Promise.all(CALLERS.map(async (caller) => (await together.ask(question, caller)).data)),
      )
    }
    const own = await ask('{ me { user { createdAt } } }')
    const everybodys = await ask('{ sports { edges { node { createdAt } } } }')
    expect([own.size, everybodys.size]).toEqual([CALLERS.length, 1])
  })
})
