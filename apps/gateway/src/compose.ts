import type { IdentitySigner } from '@courtside/auth'
import { createHttpEdge, healthRoutes, type Metrics, type Readiness, type Route } from '@courtside/http'
import { type Clock, StartupError, systemClock } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import type { Tracing } from '@courtside/telemetry'
import { createAdmission } from './admission/index.ts'
import {
  createAuthentication,
  createIdentityService,
  type ExternalIssuer,
  IDENTITY_SUBGRAPH,
} from './authentication/index.ts'
import { type AnswerStore, createMemoryStore, createSingleFlight } from './caching/index.ts'
import {
  graphiqlRoute,
  graphqlRoute,
  jwksRoute,
  originsAllowed,
  sandboxScript,
  sendLandingPage,
} from './edge/index.ts'
import { buildGraphVersion } from './graph-version.ts'
import type { LaneAnswer } from './lane/index.ts'
import {
  createCostBudget,
  createRateLimiter,
  DEFAULT_LIMITS,
  type Limits,
  type RateLimiter,
} from './limits/index.ts'
import { createGatewayMetrics } from './observability/index.ts'
import {
  createPersistedDocuments,
  createSafelist,
  type OperationManifest,
  type SafelistMode,
} from './safelist/index.ts'
import { createReadiness } from './readiness.ts'
import { serveSubscriptions, type WebSocketLimits } from './subscriptions/index.ts'
import { followSupergraph } from './supergraph/index.ts'
import { createSubgraphCaller, type SubgraphTransports } from './transports/index.ts'

export type { ExternalIssuer } from './authentication/index.ts'
export { type GatewaySettings, openGatewaySettings } from './gateway-settings.ts'
export { DEFAULT_LIMITS, type Limits, type RateLimiter } from './limits/index.ts'
export type { WebSocketLimits } from './subscriptions/index.ts'
export {
  httpTransport,
  inProcessTransport,
  type SubgraphTransport,
  type SubgraphTransports,
} from './transports/index.ts'

export interface GatewayOptions {
  /** The composed supergraph, with its access directives. Followed: a new file is served without a restart. */
  supergraphFile: string
  /** One for each subgraph. They are closed by whoever made them, after the gateway has stopped. */
  transports: SubgraphTransports
  identitySigner: IdentitySigner
  /** Issuers of tokens beside our own accounts. Default: none. */
  externalIssuers?: readonly ExternalIssuer[]
  /** Origins whose pages may read answers. Default: none in production; this machine and Apollo's in development. */
  corsOrigins?: readonly string[]
  /** Whether one proxy stands in front and tells the client's address. Default: false. */
  trustProxy?: boolean
  /** Hides the schema and the tools for developers. */
  production: boolean
  limits?: Partial<Limits>
  /** What connections may hold and ask for, where it is not the default. */
  webSocketLimits?: Partial<WebSocketLimits>
  /** Shared between gateways where there are several. Default: each counts for itself. */
  rateLimiter?: RateLimiter
  metrics: Metrics
  log: Logger
  clock?: Clock
  /** The longest that one call to a subgraph may take. Default: 10 s. */
  subgraphDeadlineMs?: number
  /** The longest that all calls of one request may take together. Default: 20 s. */
  requestDeadlineMs?: number
  /** `problems` leaves out what went well and was not slow. Default: `problems` in production, else `all`. */
  accessLog?: 'all' | 'problems'
  /** Flushed by whoever made it, after the gateway has stopped. Default: no request is traced. */
  tracing?: Tracing
  /** A request that takes longer is warned of. Default: 1 s. */
  slowRequestMs?: number
  /** What clients are known to send: compiled before the first of them comes. Default: nothing. */
  operations?: OperationManifest
  /** Whether nothing but `operations` runs. Default: off. */
  safelist?: SafelistMode
  /** Where answers that are the same for everybody are remembered. Default: in this process. */
  answers?: AnswerStore
  /** Runs every operation through Apollo Server: for finding out where a fault is. Default: false. */
  slowOnly?: boolean
  /** How often the supergraph is looked at where the system reports no changes. Default: 2 s. */
  supergraphPollMs?: number
  /** What else must be well for `/readyz`, such as subgraphs in the same process. Default: nothing. */
  readiness?: Readiness
  /** How long to go on serving after `/readyz` has said no, so that load balancers can notice. Default: 0. */
  drainNoticeMs?: number
}

export interface Gateway {
  listen(where: { host: string; port: number }): Promise<{ url: string }>
  /** `/readyz` is false at once; what has been accepted is finished; then everything is released. */
  stop(): Promise<void>
  /** The longest that `stop` goes on serving before it releases anything. */
  readonly drainMs: number
}

/** Requests in progress have this long to end. */
const DRAIN_MS = 15_000

/** Starts everything but listening. Throws `StartupError` when it could not serve safely. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { transports, production, clock = systemClock } = options
  const log = options.log.child({ part: 'gateway' })
  const drainNoticeMs = options.drainNoticeMs ?? 0
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits }
  const rateLimiter = options.rateLimiter ?? createRateLimiter(clock)
  const metrics = createGatewayMetrics(options.metrics)
  if (!(IDENTITY_SUBGRAPH in transports)) {
    throw new StartupError(
      `The gateway needs the subgraph ${IDENTITY_SUBGRAPH} to know who is who. Give it a transport.`,
    )
  }

  const calls = createSubgraphCaller({
    transports,
    signer: options.identitySigner,
    deadlineMs: options.subgraphDeadlineMs ?? 10_000,
    onCall: metrics.subgraphCall,
    onRetry: metrics.subgraphRetry,
    log,
  })
  metrics.subgraphStates(calls.load)
  const safelist = createSafelist(options.operations ?? null, options.safelist ?? 'off')
  const answers = options.answers ?? createMemoryStore({ clock })
  const flights = createSingleFlight<LaneAnswer>()
  const graph = await followSupergraph({
    file: options.supergraphFile,
    build: (text) =>
      buildGraphVersion(text, {
        transports,
        calls,
        limits,
        operations: options.operations,
        answers,
        flights,
        slowOnly: options.slowOnly ?? false,
        production,
        metrics,
        clock,
        log,
      }),
    pollMs: options.supergraphPollMs ?? 2_000,
    log,
    onReload: metrics.supergraphReload,
  })
  const authentication = createAuthentication({
    identity: createIdentityService(calls, log),
    externalIssuers: options.externalIssuers ?? [],
    rateLimiter,
    refusedCredentialsPerMinute: limits.requestsPerMinute.refusedCredentials,
    clock,
    log,
    onOutcome: metrics.authentication,
  })
  const readiness = createReadiness({ calls, also: options.readiness, clock, log })

  const admission = createAdmission({
    safelist,
    persistedDocuments: createPersistedDocuments(safelist),
    costBudget: createCostBudget({ rateLimiter, limits, onLimited: metrics.rateLimited }),
    limits,
  })
  const rateLimits = { rateLimiter, limits: limits.requestsPerMinute, onLimited: metrics.rateLimited }
  const isAllowedOrigin = originsAllowed(options.corsOrigins, production)
  const trustProxy = options.trustProxy ?? false
  const deadlineMs = options.requestDeadlineMs ?? 20_000
  const subscriptions = serveSubscriptions({
    graph,
    admission,
    authentication,
    calls,
    rateLimits,
    isAllowedOrigin,
    trustProxy,
    production,
    deadlineMs,
    webSocketLimits: options.webSocketLimits,
    metrics: options.metrics,
    clock,
    log,
  })
  const graphql = graphqlRoute({
    graph,
    authentication,
    admission,
    limits,
    rateLimits,
    isAllowedOrigin,
    trustProxy,
    production,
    accessLog: {
      metrics,
      slowMs: options.slowRequestMs ?? 1_000,
      lines: options.accessLog ?? (production ? 'problems' : 'all'),
      ...(options.tracing && { tracing: options.tracing }),
    },
    deadlineMs,
    log,
    landingPage: production ? null : sendLandingPage,
    streams: subscriptions.httpStreams,
  })
  const edge = createHttpEdge({
    log,
    onUpgrade: subscriptions.onUpgrade,
    streams: subscriptions.openStreams,
    routes: [
      graphql,
      ...healthRoutes(readiness),
      options.metrics.route,
      jwksRoute(authentication),
      ...(production ? [] : developerRoutes()),
    ],
  })

  return {
    async listen(where) {
      const { url } = await edge.listen(where)
      return { url }
    },
    async stop() {
      readiness.drain()
      await new Promise((resolve) => setTimeout(resolve, drainNoticeMs))
      await edge.drain(DRAIN_MS)
      subscriptions.stop()
      await graph.stop()
    },
    drainMs: drainNoticeMs + DRAIN_MS,
  }
}

function developerRoutes(): Route[] {
  return [
    { path: '/', handle: (_request, response) => sendLandingPage(response) },
    sandboxScript,
    graphiqlRoute(),
  ]
}
