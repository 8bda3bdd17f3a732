import { ApolloGateway } from '@apollo/gateway'
import { ApolloServer, HeaderMap } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { unwrapResolverError } from '@apollo/server/errors'
import type { Logger } from '@courtside/logger'
import { type DocumentNode, executeSync, type GraphQLFormattedError, type GraphQLSchema } from 'graphql'
import { LRUCache } from 'lru-cache'
import { type PublicError, toPublicError } from '../errors/index.ts'
import type { PreparedDocument, PreparedOperation } from '../operations/index.ts'
import type { Supergraph } from '../supergraph/index.ts'
import type { Caller, SubgraphCaller } from '../transports/index.ts'
import { asksForSchemaOnly } from './asks-for-schema-only.ts'
import { assertVariables } from './assert-variables.ts'
import { keepApolloQuiet } from './env.ts'
import { createGoneEntities } from './gone-entities.ts'
import { type LaneContext, subgraphDataSource } from './subgraph-data-source.ts'
import { teachScalars } from './teach-scalars.ts'

export interface LaneRequest {
  document: PreparedDocument
  operation: PreparedOperation
  variables: Readonly<Record<string, unknown>>
  caller: Caller
  /** Asked for by the Sandbox; answered in development only. */
  showPlan: boolean
}

export interface LaneAnswer {
  status: number
  data?: unknown
  errors?: readonly PublicError[]
  extensions?: Record<string, unknown>
}

/** Runs whatever operation has been prepared: Apollo's planner and executor over our transports. */
export interface SlowLane {
  /** The public schema. */
  readonly schema: GraphQLSchema
  /** Throws the refusal of variables that do not fit. */
  execute(request: LaneRequest): Promise<LaneAnswer>
  stop(): Promise<void>
}

export interface SlowLaneOptions {
  supergraph: Supergraph
  calls: SubgraphCaller
  production: boolean
  log: Logger
}

/** A document is looked up at once after it was put here, so a few places are enough for any number of requests. */
const DOCUMENTS_AT_HAND = 100

export async function createSlowLane(options: SlowLaneOptions): Promise<SlowLane> {
  const { supergraph, calls, production, log } = options
  keepApolloQuiet()
  const logger = apolloLogger(log)
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph.sdl,
    buildService: ({ name }) => subgraphDataSource(name, calls),
    validateSupergraph: true,
    __exposeQueryPlanExperimental: !production,
    logger,
  })
  const documents = new LRUCache<string, DocumentNode>({ max: DOCUMENTS_AT_HAND })
  /** What stands behind an error that Apollo has formatted. */
  const causes = new WeakMap<object, unknown>()
  const apollo = new ApolloServer<LaneContext>({
    gateway,
    logger,
    // Documents come parsed and validated; Apollo's own checks would do it all a second time.
    documentStore: storeOf(documents),
    introspection: true,
    persistedQueries: false,
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => {
      causes.set(formatted, unwrapResolverError(error))
      return formatted
    },
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  })
  await apollo.start()
  const { schema } = gateway
  if (!schema) throw new Error('Apollo started without a schema')
  teachScalars(schema)

  const publish = (error: GraphQLFormattedError, caller: Caller): PublicError => {
    const published = toPublicError(error, { hideSuggestions: production })
    if (published.unexpected) {
      const { errorId } = published.unexpected
      const subgraph = error.extensions?.['serviceName']
      const fields = { err: causes.get(error) ?? error, 'error.id': errorId, path: error.path, subgraph }
      caller.log.error(fields, 'Unexpected error')
    }
    return published.error
  }

  /** The schema needs no plan. Apollo's planner would also refuse what it does not know yet, such as `isOneOf`. */
  const introspect = ({ document, operation, variables, caller }: LaneRequest): LaneAnswer => {
    const { data, errors } = executeSync({
      schema,
      document: document.document,
      operationName: operation.name,
      variableValues: variables,
    })
    if (!errors) return { status: 200, data }
    const refused = errors.map(({ message }) => ({ message, extensions: { code: 'BAD_USER_INPUT' } }))
    return { status: 400, errors: refused.map((error) => publish(error, caller)) }
  }

  return {
    schema,
    async execute(request) {
      const { document, operation, variables, caller, showPlan } = request
      assertVariables({
        schema,
        document: document.document,
        operationName: operation.name,
        variables,
        hideSuggestions: production,
      })
      if (asksForSchemaOnly(document.document, operation.name)) return introspect(request)
      documents.set(document.id, document.document)
      const gone = createGoneEntities()
      const headers = new HeaderMap(showPlan ? [['apollo-query-plan-experimental', '1']] : [])
      const { body, http } = await apollo.executeOperation(
        {
          query: document.text,
          operationName: operation.name ?? undefined,
          variables: { ...variables },
          http: { method: 'POST', headers, search: '', body: null },
        },
        { contextValue: { caller, gone } },
      )
      if (body.kind !== 'single') throw new Error('Apollo answered incrementally to a plain operation')
      const { data, errors, extensions } = body.singleResult
      const { valueCompletion, ...others } = (extensions ?? {}) as Record<string, unknown>
      const holes = (Array.isArray(valueCompletion) ? valueCompletion : []) as GraphQLFormattedError[]
      // A subgraph that breaks its own schema leaves a hole. Apollo only hints at it; the client must be told. What is
      // gone is no fault, unless nothing at all is left to answer.
      const broken = data === null ? holes : gone.unexplained(holes)
      const all = [...(errors ?? []), ...broken.map((error) => toMasked(error))]
      return {
        status: http.status ?? 200,
        ...(data !== undefined && { data }),
        ...(all.length > 0 && { errors: all.map((error) => publish(error, caller)) }),
        ...(Object.keys(others).length > 0 && { extensions: others }),
      }
    },
    stop: () => apollo.stop(),
  }
}

function toMasked({ message, path }: GraphQLFormattedError): GraphQLFormattedError {
  return { message, ...(path && { path }), extensions: { code: 'INTERNAL_SERVER_ERROR' } }
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
