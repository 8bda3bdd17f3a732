import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled'
import { buildSubgraphSchema } from '@apollo/subgraph'
import type { IdentityVerifier } from '@courtside/auth'
import { apolloHandler, type Readiness, type Route, sendRefusal } from '@courtside/http'
import { isDomainError } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import { parse } from 'graphql'
import { enforceAccess } from './enforce-access.ts'
import { formatError, logUnexpectedErrors } from './error-mapping.ts'
import { renewContextForEachMutation } from './renew-context.ts'
import { type RequestContext, toRequestContext } from './request-context.ts'
import type { SubgraphRequest, SubgraphResponse } from './subgraph-request.ts'

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
  readonly readiness: Readiness
  /** HTTP transport, for a process of its own. */
  readonly route: Route
  stop(): Promise<void>
}

/** Requests come from our own gateway, which has its own, much smaller limit for clients. */
const BODY_LIMIT = 10 * 1024 * 1024

export async function createSubgraph<Context extends RequestContext>(
  options: SubgraphOptions<Context>,
): Promise<Subgraph> {
  const { name, identity } = options
  const log = options.log.child({ subgraph: name })
  // The generated types are stricter than Apollo's map of functions, and so not assignable to it.
  const resolvers = options.resolvers as ResolverMap
  const schema = buildSubgraphSchema([{ typeDefs: parse(options.typeDefs), resolvers }])
  enforceAccess(schema)
  renewContextForEachMutation(schema, options.createContext)

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
    plugins: [ApolloServerPluginInlineTraceDisabled(), logUnexpectedErrors],
  })
  await apollo.start()

  const contextOf = async (headers: Readonly<Record<string, string | string[] | undefined>>) =>
    options.createContext(await toRequestContext(headers, identity, log))

  const overHttp = apolloHandler(apollo, (request) => contextOf(request.headers), BODY_LIMIT)

  return {
    name,
    readiness: options.readiness,
    async execute({ query, operationName, variables, headers }) {
      const contextValue = await contextOf(headers)
      const { body } = await apollo.executeOperation({ query, operationName, variables }, { contextValue })
      if (body.kind !== 'single') throw new Error('A subgraph answered incrementally to a plain operation')
      return body.singleResult
    },
    route: {
      path: '/graphql',
      async handle(request, response, url) {
        try {
          // Before the body is read, let alone parsed: nobody but the gateway makes this process work.
          await toRequestContext(request.headers, identity, log)
        } catch (error) {
          if (!isDomainError(error)) throw error
          return sendRefusal(response, 401, error.code, error.message)
        }
        await overHttp(request, response, url)
      },
    },
    async stop() {
      await apollo.stop()
      await options.close()
    },
  }
}
