import { ApolloServer, HeaderMap } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import type { CompiledOperation, FederatedGraph } from '@courtside/federation'
import type { Logger } from '@courtside/logger'
import { type DocumentNode, executeSync } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { CachePolicy } from '../caching/index.ts'
import type { Supergraph } from '../supergraph/index.ts'
import type { Caller } from '../transports/index.ts'
import { CompiledGateway, type SlowLaneContext } from './compiled-gateway.ts'
import { keepApolloQuiet } from './env.ts'
import { type LaneAnswer, toLaneAnswer, toWholeAnswer } from './lane-answer.ts'
import type { LaneRequest } from './lane-request.ts'
import type { ErrorPublisher } from './publish-errors.ts'
import { teachScalars } from './teach-scalars.ts'

/** Apollo Server, for what is unusual: questions about the schema, plans for people to read, and all when it must. */
export interface SlowLane {
  readonly graph: FederatedGraph
  /** Answers from the schema alone, without a plan. */
  introspect(request: LaneRequest): LaneAnswer
  /** The variables have been checked. */
  run(
    request: LaneRequest,
    operation: CompiledOperation<Caller>,
    policy: CachePolicy | null,
  ): Promise<LaneAnswer>
  stop(): Promise<void>
}

export interface SlowLaneOptions {
  supergraph: Supergraph
  errors: ErrorPublisher
  log: Logger
}

/** A document is looked up at once after it was put here, so a few places are enough for any number of requests. */
const DOCUMENTS_AT_HAND = 100

export async function createSlowLane({ supergraph, errors, log }: SlowLaneOptions): Promise<SlowLane> {
  keepApolloQuiet()
  const logger = apolloLogger(log)
  const gateway = new CompiledGateway({
    supergraphSdl: supergraph.sdl,
    // Nobody asks these: the executor is ours.
    buildService: ({ name }) => ({
      process: () => Promise.reject(new Error(`Apollo asked ${name}, and this gateway never does`)),
    }),
    validateSupergraph: true,
    logger,
  })
  const documents = new LRUCache<string, DocumentNode>({ max: DOCUMENTS_AT_HAND })
  const apollo = new ApolloServer<SlowLaneContext>({
    gateway,
    logger,
    // Documents come parsed and validated; Apollo's own checks would do it all a second time.
    documentStore: storeOf(documents),
    introspection: true,
    persistedQueries: false,
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  })
  await apollo.start()
  const { graph } = gateway
  teachScalars(graph.schema)

  return {
    graph,
    /** Apollo's planner would also refuse what it does not know yet, such as `isOneOf`. */
    introspect({ document, operation, variables, caller }) {
      const { data, errors: faults = [] } = executeSync({
        schema: graph.schema,
        document: document.document,
        operationName: operation.name,
        variableValues: variables,
      })
      if (faults.length === 0) return toWholeAnswer(JSON.stringify(data), null)
      const refused = faults.map(({ message }) => ({ message, extensions: { code: 'BAD_USER_INPUT' } }))
      return toLaneAnswer({ status: 400, data: null, errors: errors.publish(refused, caller) })
    },
    async run({ document, operation, variables, caller, showPlan }, compiled, policy) {
      documents.set(document.id, document.document)
      const contextValue: SlowLaneContext = { operation: compiled, caller, holes: [] }
      const { body, http } = await apollo.executeOperation(
        {
          query: document.text,
          operationName: operation.name ?? undefined,
          variables: { ...variables },
          http: { method: 'POST', headers: new HeaderMap(), search: '', body: null },
        },
        { contextValue },
      )
      if (body.kind !== 'single') throw new Error('Apollo answered incrementally to a plain operation')
      const { data = null, errors: faults = [] } = body.singleResult
      const text = JSON.stringify(data)
      const { holes } = contextValue
      if (faults.length === 0 && holes.length === 0 && !showPlan) return toWholeAnswer(text, policy)
      return toLaneAnswer({
        status: http.status ?? 200,
        data: text,
        errors: [...errors.publish(faults, caller), ...errors.publishHoles(holes, data === null, caller)],
        extensions: showPlan ? { __queryPlanExperimental: compiled.describePlan() } : null,
      })
    },
    stop: () => apollo.stop(),
  }
}

/** Apollo asks for `<hash of the schema>:<hash of the document>`. */
function storeOf(documents: LRUCache<string, DocumentNode>) {
  return {
    get: async (key: string) => documents.get(key.slice(key.indexOf(':') + 1)),
    set: async () => undefined,
    delete: async () => undefined,
  }
}

/** Apollo's libraries speak in lines; ours carry fields. What they call information is noise here. */
function apolloLogger(log: Logger) {
  const at = (level: 'debug' | 'warn' | 'error') => (message?: unknown) =>
    log[level]({ from: 'apollo' }, String(message))
  return { debug: at('debug'), info: at('debug'), warn: at('warn'), error: at('error') }
}
