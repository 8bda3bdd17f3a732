import { randomUUID } from 'node:crypto'
import { anonymous, type Principal } from '@courtside/auth'
import type { FetchRequest } from '@courtside/federation'
import { createMetrics } from '@courtside/http'
import { silentLogger } from '@courtside/logger'
import { createCachePlanner, createCacheRules } from '../../caching/index.ts'
import { RequestRefusal } from '../../errors/index.ts'
import { createDemandRules, type Limits } from '../../limits/index.ts'
import { createGatewayMetrics } from '../../observability/index.ts'
import { chooseOperation, createPreparedDocuments } from '../../operations/index.ts'
import type { Caller, SubgraphCaller } from '../../transports/index.ts'
import type { LaneAnswer } from '../lane-answer.ts'
import { createLanes, type Lanes } from '../lanes.ts'
import { type Answer, toLanesAnswer, toRefused } from './answer.ts'
import type { GraphUnderTest } from './graph-under-test.ts'
import type { GeneratedSubgraphs, GoneTypes } from './world/generated-subgraphs.ts'
import type { World } from './world/world.ts'

export interface Question {
  query: string
  variables: Readonly<Record<string, unknown>>
  world: World
}

export interface OpenLanes {
  readonly lanes: Lanes
  ask(question: Question, principal?: Principal): Promise<Answer>
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

/** What is generated stays small, and what protects the process is tested by itself. */
const NO_LIMITS: Limits = {
  bodyBytes: Infinity,
  tokens: { anonymous: Infinity, known: Infinity },
  nesting: Infinity,
  listNesting: Infinity,
  depth: Infinity,
  introspectionDepth: Infinity,
  aliases: Infinity,
  rootFields: Infinity,
  directives: Infinity,
  selections: Infinity,
  items: Infinity,
  values: Infinity,
  cost: Infinity,
  variablesDepth: Infinity,
  variableValues: Infinity,
  requestsPerMinute: { address: Infinity, person: Infinity, partner: Infinity, refusedCredentials: Infinity },
  costPerMinute: { address: Infinity, person: Infinity, partner: Infinity },
}

/** The lanes as the gateway makes them, over subgraphs that are made up. */
export async function openLanes(options: OpenLanesOptions): Promise<OpenLanes> {
  const { graph, subgraphs, slowOnly, mergeEntityFetches, beforeAnswer } = options
  const { supergraph } = graph
  const worldOf = options.worldOf ?? ((world: World) => world)
  const worlds = new Map<string, World>()
  const fetch: SubgraphCaller['fetch'] = async (subgraph, request, { requestId, principal }) => {
    const world = worlds.get(requestId)
    if (!world) throw new Error('A subgraph was asked after its question was answered')
    await beforeAnswer?.()
    return (await subgraphs.ask(
      { subgraph, ...toQuestion(request) },
      worldOf(world, principal),
      NOBODY,
    )) as object
  }
  const lanes = await createLanes({
    supergraph,
    calls: { fetch, call: fetch, load: () => [] },
    responseCache: null,
    overNetwork: mergeEntityFetches,
    slowOnly,
    production: false,
    metrics: createGatewayMetrics(createMetrics()),
    log: silentLogger,
  })
  const { access } = supergraph
  const documents = createPreparedDocuments({
    schema: lanes.schema,
    access,
    demand: createDemandRules(access.schema),
    caching: createCachePlanner(createCacheRules(access.schema)),
    limits: NO_LIMITS,
    policy: { hideSchema: false },
  })

  const execute = async (question: Question, caller: Caller): Promise<LaneAnswer> => {
    const document = documents.prepare(question.query, true)
    const operation = chooseOperation(document, null)
    return lanes.execute({ document, operation, variables: question.variables, caller, showPlan: false })
  }

  return {
    lanes,
    async ask(question, principal = anonymous) {
      const requestId = randomUUID()
      worlds.set(requestId, question.world)
      try {
        return toLanesAnswer(await execute(question, callerOf(principal, requestId)))
      } catch (error) {
        if (!(error instanceof RequestRefusal)) throw error
        return toRefused(error.errors)
      } finally {
        worlds.delete(requestId)
      }
    },
  }
}

/** Only Apollo's answers need to know who was gone. */
const NOBODY: GoneTypes = new Set()

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
