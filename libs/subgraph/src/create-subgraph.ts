import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from '@apollo/server/plugin/disabled'
import { buildSubgraphSchema } from '@apollo/subgraph'
import type { IdentityVerifier } from '@courtside/auth'
import type { Readiness, Route } from '@courtside/http'
import type { Logger } from '@courtside/logger'
import type { SubgraphTracing, Trace } from '@courtside/telemetry'
import { parse } from 'graphql'
import { enforceAccess } from './enforce-access.ts'
import { describeErrors, formatError, logUnexpectedErrors } from './error-mapping.ts'
import { createOperations } from './execution/index.ts'
import { renewContextForEachMutation } from './renew-context.ts'
import { principalOf, type RequestContext, toRequestContext } from './request-context.ts'
import { isTooLate, TOO_LATE } from './request-deadline.ts'
import type { SubgraphOperation, SubgraphRequest, SubgraphResponse } from './subgraph-request.ts'
import { createSubgraphRoute } from './subgraph-route.ts'
import { createSubscriptions, type SubgraphSubscription } from './subscriptions/index.ts'
import { createSubgraphSocket, type SubgraphSocket } from './socket/index.ts'

type ResolverMap = NonNullable<
  Extract<Parameters<typeof buildSubgraphSchema>[0], readonly unknown[]>[number] extends infer Module
    ? Module extends { resolvers?: infer Map }
      ? Map
      : never
    : never
>

export interface SubgraphOptions<Context extends RequestContext> {
  name: string
  typeDefs: string
  /** A resolver map; its own type is the generated `Resolvers` of the subgraph. */
  resolvers: object
  /**
   * Adds this subgraph's loaders and services to what is known of the request. Called once an operation, and again for
   * each mutation in it.
   */
  createContext(request: RequestContext): Context
  identity: IdentityVerifier
  readiness: Readiness
  /** Default: no operation is traced. */
  tracing?: SubgraphTracing
  log: Logger
  /** Default: true in development only. */
  introspection: boolean
  /** Releases what the subgraph holds (its database); called last. */
  close(): Promise<void>
}

export interface Subgraph {
  readonly name: string
  /** In-process transport: the same checks as over HTTP, without the wire. */
  execute(request: SubgraphRequest): Promise<SubgraphResponse>
  /** The same for subscriptions. A deadline among the headers is for the beginning alone. */
  subscribe(request: SubgraphRequest): Promise<SubgraphSubscription>
  readonly readiness: Readiness
  /** HTTP transport, for a process of its own. */
  readonly route: Route
  /** The same for subscriptions. */
  readonly socket: SubgraphSocket
  /** Breaks open subscriptions, then releases everything. */
  stop(): Promise<void>
}

/**
 * Valid queries are compiled, mutations interpreted. Apollo Server answers what is left: wrong documents, wrong
 * variables, questions about the schema, unusual HTTP.
 */
export async function createSubgraph<Context extends RequestContext>(
  options: SubgraphOptions<Context>,
): Promise<Subgraph> {
  const { name, identity } = options
  const log = options.log.child({ subgraph: name })
  // The generated types are stricter than Apollo's map of functions, and so not assignable to it.
  const resolvers = options.resolvers as ResolverMap
  const typeDefs = parse(options.typeDefs)
  const buildSchema = () => {
    const schema = buildSubgraphSchema([{ typeDefs, resolvers }])
    enforceAccess(schema)
    renewContextForEachMutation(schema, options.createContext)
    return schema
  }
  const schema = buildSchema()
  const operations = createOperations({
    schema,
    schemaToCompile: buildSchema(),
    // Without the text: what people search for does not belong into a log.
    onUnfit: (reason) => log.warn({ err: reason }, 'A query will be interpreted from now on'),
  })

  const apollo = new ApolloServer<Context>({
    schema,
    introspection: options.introspection,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !options.introspection,
    // The gateway is the only client, and it sends neither cookies nor simple requests.
    csrfPrevention: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    formatError,
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      // What may be kept, and for how long, is the gateway's to say.
      ApolloServerPluginCacheControlDisabled(),
      logUnexpectedErrors,
    ],
  })
  await apollo.start()

  const run = async (
    { query, operationName, variables }: SubgraphOperation,
    context: Context,
    trace: Trace | null,
  ): Promise<SubgraphResponse | null> => {
    const result = await operations.find(query, operationName ?? null)?.run(variables ?? {}, context)
    if (!result) return null
    if (!result.errors) return result
    const errors = describeErrors(result.errors, context)
    trace?.set({ 'error.type': String(errors[0]?.extensions?.['code']) })
    return { ...result, errors }
  }
  const answer = (operation: SubgraphOperation, context: Context): Promise<SubgraphResponse | null> => {
    if (!options.tracing) return run(operation, context, null)
    const traced = {
      subgraph: name,
      // The gateway writes the word first.
      type: operation.query.startsWith('mutation') ? ('mutation' as const) : ('query' as const),
      name: operation.operationName ?? null,
    }
    return options.tracing.run(context.traceparent, traced, (trace) => run(operation, context, trace))
  }

  const subscriptions = createSubscriptions({ schema, operations, createContext: options.createContext })
  const subscribe = async ({ headers, ...operation }: SubgraphRequest): Promise<SubgraphSubscription> => {
    const request = toRequestContext(headers, await principalOf(headers, identity), log)
    if (isTooLate(request)) return { errors: structuredClone(TOO_LATE.errors ?? []) }
    return subscriptions.open(operation, request)
  }

  return {
    name,
    readiness: options.readiness,
    async execute({ headers, ...operation }) {
      const principal = principalOf(headers, identity)
      const known = toRequestContext(headers, principal instanceof Promise ? await principal : principal, log)
      if (isTooLate(known)) return structuredClone(TOO_LATE)
      const contextValue = options.createContext(known)
      const answered = await answer(operation, contextValue)
      if (answered) return answered
      const { body } = await apollo.executeOperation({ ...operation }, { contextValue })
      if (body.kind !== 'single') throw new Error('A subgraph answered incrementally to a plain operation')
      return body.singleResult
    },
    subscribe,
    socket: createSubgraphSocket({
      principalOf: (headers) => principalOf(headers, identity),
      subscribe,
      log,
    }),
    route: createSubgraphRoute({
      principalOf: (headers) => principalOf(headers, identity),
      toRequestContext: (headers, principal) => toRequestContext(headers, principal, log),
      createContext: options.createContext,
      answer,
      apollo,
    }),
    async stop() {
      subscriptions.stop()
      await apollo.stop()
      await options.close()
    },
  }
}
