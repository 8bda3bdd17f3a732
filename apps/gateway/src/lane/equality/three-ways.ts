import type { GraphQLSchema } from 'graphql'
import type { Compared } from './allowed-differences.ts'
import type { GraphUnderTest } from './graph-under-test.ts'
import { openApollo } from './open-apollo.ts'
import { openLanes } from './open-lanes.ts'
import { createPreparation, type Question } from './prepare.ts'
import { createGeneratedSubgraphs } from './world/generated-subgraphs.ts'

export interface ThreeWays {
  readonly schema: GraphQLSchema
  ask(question: Question): Promise<Compared>
  stop(): Promise<void>
}

/**
 * The fast lane sends fetches together that the slow lane, and Apollo, send one by one: so the two ways of asking are
 * compared as well.
 */
export async function openThreeWays(graph: GraphUnderTest): Promise<ThreeWays> {
  const subgraphs = createGeneratedSubgraphs(graph.sdl)
  const fast = await openLanes({ graph, subgraphs, slowOnly: false, mergeEntityFetches: true })
  const slow = await openLanes({ graph, subgraphs, slowOnly: true, mergeEntityFetches: false })
  const apollo = await openApollo(graph, subgraphs)
  const { schema } = fast.lanes
  const prepare = createPreparation(graph, schema)
  return {
    schema,
    async ask(question) {
      const prepared = prepare(question)
      return {
        question,
        schema,
        fast: await fast.ask(prepared),
        slow: await slow.ask(prepared),
        apollo: await apollo.ask(question),
      }
    },
    async stop() {
      await fast.lanes.stop()
      await slow.lanes.stop()
      await apollo.stop()
    },
  }
}
