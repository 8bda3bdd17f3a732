import { randomUUID } from 'node:crypto'
import { anonymous, type Principal } from '@courtside/auth'
import type { FetchRequest } from '@courtside/federation'
import { createMetrics } from '@courtside/http'
import { silentLogger } from '@courtside/logger'
import { createSingleFlight } from '../../caching/index.ts'
import { RequestRefusal } from '../../errors/index.ts'
import { createGatewayMetrics } from '../../observability/index.ts'
import type { Caller, SubgraphCaller } from '../../transports/index.ts'
import { OPERATION_NOT_PLANNABLE } from '../compiled-operations.ts'
import { createLanes, type Lanes } from '../lanes.ts'
import { createErrorPublisher } from '../publish-errors.ts'
import { type Answer, toAnswer, toLanesAnswer, toRefused } from './answer.ts'
import type { GraphUnderTest } from './graph-under-test.ts'
import type { PreparedQuestion } from './prepare.ts'
import { createObservation, type GeneratedSubgraphs } from './world/generated-subgraphs.ts'
import type { World } from './world/world.ts'

export interface OpenLanes {
  readonly lanes: Lanes
  ask(question: PreparedQuestion, principal?: Principal): Promise<Answer>
  /** What is made of one event of a subscription, which tells how the world is. */
  complete(question: PreparedQuestion): Promise<Answer>
}

export interface OpenLanesOptions {
  graph: GraphUnderTest
  subgraphs: GeneratedSubgraphs
  slowOnly: boolean
  mergeEntityFetches: boolean
  /** The world as this principal sees it. Default: as everybody does. */
  worldOf?(world: World, principal: Principal): World
  /** Called before a subgraph answers, so that a test can hold answers back. */
  beforeAnswer?(): Promise<void>
}

/** The lanes as the gateway makes them, over subgraphs that are made up. */
export async function openLanes(options: OpenLanesOptions): Promise<OpenLanes> {
  const { graph, subgraphs, slowOnly, mergeEntityFetches, beforeAnswer } = options
  const worldOf = options.worldOf ?? ((world: World) => world)
  const errors = createErrorPublisher(false)
  const worlds = new Map<string, World>()
  const fetch: SubgraphCaller['fetch'] = async (subgraph, request, { requestId, principal }) => {
    const world = worlds.get(requestId)
    if (!world) throw new Error('A subgraph was asked after its question was answered')
    await beforeAnswer?.()
    return (await subgraphs.ask(
      { subgraph, ...toQuestion(request) },
      worldOf(world, principal),
      createObservation(),
    )) as object
  }
  const lanes = await createLanes({
    supergraph: graph.supergraph,
    calls: { fetch },
    responseCache: null,
    flights: createSingleFlight(),
    version: 'one',
    overNetwork: mergeEntityFetches,
    slowOnly,
    production: false,
    metrics: createGatewayMetrics(createMetrics()),
    log: silentLogger,
  })
  const within = async (world: World, principal: Principal, run: (caller: Caller) => Promise<Answer>) => {
    const requestId = randomUUID()
    worlds.set(requestId, world)
    const caller = callerOf(principal, requestId)
    try {
      return await run(caller)
    } catch (error) {
      if (error instanceof RequestRefusal && error.code !== OPERATION_NOT_PLANNABLE)
        return toRefused(error.errors)
      // What cannot be planned fails as a whole, and Apollo must fail as well.
      return toAnswer(null, errors.publish([{ message: String(error) }], caller))
    } finally {
      worlds.delete(requestId)
    }
  }
  return {
    lanes,
    ask: ({ prepared, variables, world }, principal = anonymous) =>
      within(world, principal, async (caller) =>
        toLanesAnswer(await lanes.execute({ ...prepared, variables, caller, showPlan: false })),
      ),
    complete: ({ prepared, variables, world }) =>
      within(world, anonymous, async (caller) => {
        const { subscription, after } = lanes.subscription({ ...prepared, variables, caller })
        const { subgraph, reader } = subscription
        const event = await fetch(subgraph, subscription.request(after), reader)
        const { text } = await subscription.complete({ ...event, mark: null })
        return toLanesAnswer({ body: text })
      }),
  }
}

export function callerOf(principal: Principal, requestId: string): Caller {
  return {
    principal,
    requestId,
    clientAddress: null,
    clientAgent: null,
    log: silentLogger,
    cancellation: null,
  }
}

function toQuestion({ template, variables, representations, furtherRepresentations = {} }: FetchRequest) {
  const lists = Object.entries(furtherRepresentations)
  if (representations !== null) lists.push(['representations', representations])
  const read = lists.map(([name, list]): [string, unknown] => [name, JSON.parse(list)])
  const { query, operationName } = template
  return { query, operationName, variables: { ...variables, ...Object.fromEntries(read) } }
}
