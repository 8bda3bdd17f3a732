import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { Kind, OperationTypeNode, parse, print, visit } from 'graphql'
import { Cases, toQuestion } from './case.ts'
import { requestedRuns, requestedSeed } from './env.ts'
import { type GraphUnderTest, readWholeGraph } from './graph-under-test.ts'
import { composeHardGraph } from './hard-graph.ts'
import { openLanes } from './open-lanes.ts'
import { distancesToCrossings } from './operation/crossings.ts'
import { createPreparation } from './prepare.ts'
import { toSubscribable } from './subscribable-graph.ts'
import { type Breakage, BREAKAGES } from './world/break-answer.ts'
import { createGeneratedSubgraphs } from './world/generated-subgraphs.ts'

const RUNS = requestedRuns ?? 2_000
const TIMEOUT_MS = 300_000

interface Graph {
  graph: GraphUnderTest
  size: { depth: number; fields: number }
  runs: number
  breakages: readonly Breakage[]
}

const GRAPHS: readonly (readonly [name: string, Graph])[] = [
  [
    'the whole graph',
    {
      graph: toSubscribable(readWholeGraph()),
      size: { depth: 6, fields: 40 },
      runs: Math.ceil(RUNS / 4),
      breakages: BREAKAGES,
    },
  ],
  [
    'a graph with all of federation in it',
    {
      graph: toSubscribable(composeHardGraph()),
      size: { depth: 4, fields: 12 },
      runs: Math.ceil(RUNS / 40),
      breakages: ['none', 'answers'],
    },
  ],
]

describe.each(GRAPHS)('a subscription over %s', (_, { graph, size, runs, breakages }) => {
  test(
    'is told of an event what a query answers',
    async () => {
      const subgraphs = createGeneratedSubgraphs(graph.sdl)
      const { lanes, ask, complete } = await openLanes({
        graph,
        subgraphs,
        slowOnly: false,
        mergeEntityFetches: true,
      })
      const prepare = createPreparation(graph, lanes.schema)
      const distance = distancesToCrossings(lanes.schema, graph.sdl)
      const cases = new Cases({ schema: lanes.schema, distance, size, type: 'subscription' }, breakages)
      let completed = 0
      const property = fc.asyncProperty(cases, async (one) => {
        const question = toQuestion(one)
        const told = await complete(prepare(question))
        expect(told).toEqual(await ask(prepare({ ...question, query: asQuery(question.query) })))
        if (told.data !== null && told.data !== 'null') completed++
      })
      const seed = requestedSeed === undefined ? {} : { seed: requestedSeed }
      await fc.assert(property, { numRuns: runs, ...seed }).finally(() => lanes.stop())
      // What is refused or null as a whole proves little.
      expect(completed).toBeGreaterThan(runs / 3)
    },
    TIMEOUT_MS,
  )
})

function asQuery(subscription: string): string {
  const document = visit(parse(subscription), {
    OperationDefinition: (node) => ({ ...node, operation: OperationTypeNode.QUERY }),
    NamedType: (node) =>
      node.name.value === 'Subscription' ? { ...node, name: { kind: Kind.NAME, value: 'Query' } } : undefined,
  })
  return print(document)
}
