import type { Metrics, OnUpgrade, OpenStreams } from '@courtside/http'
import type { Clock } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import type { Admission, RateLimitOptions } from '../admission/index.ts'
import type { Authentication } from '../authentication/index.ts'
import type { IsAllowedOrigin } from '../edge/index.ts'
import { createErrorPublisher } from '../lane/index.ts'
import type { LiveVersion } from '../supergraph/index.ts'
import type { SubgraphCaller } from '../transports/index.ts'
import { createCredentialWatch, followAccessChanges } from './connections/index.ts'
import { createHttpStreams, type HttpStreams } from './http-streams/index.ts'
import { createSubscriptionHub } from './hub/index.ts'
import { createLiveOperations, type LiveGraph } from './live-operation/index.ts'
import { createSubscriptionMetrics } from './subscription-metrics.ts'
import { createWebSocketServer, DEFAULT_WEBSOCKET_LIMITS, type WebSocketLimits } from './websocket/index.ts'

export interface SubscriptionsOptions {
  graph: Pick<LiveVersion<LiveGraph>, 'hold' | 'onReplaced'>
  admission: Admission
  authentication: Authentication
  calls: SubgraphCaller
  rateLimits: RateLimitOptions
  isAllowedOrigin: IsAllowedOrigin
  trustProxy: boolean
  production: boolean
  /** How long a query or a mutation over a stream may take. */
  deadlineMs: number
  /** Where they are not `DEFAULT_WEBSOCKET_LIMITS`. */
  webSocketLimits?: Partial<WebSocketLimits> | undefined
  metrics: Metrics
  clock: Clock
  log: Logger
}

export interface Subscriptions {
  /** For the route that answers HTTP requests. */
  readonly httpStreams: HttpStreams
  readonly onUpgrade: OnUpgrade
  /** To be drained with the HTTP edge. */
  readonly openStreams: readonly OpenStreams[]
  /** After the drain, and before the graph is stopped. */
  stop(): void
}

/** Subscriptions over all transports: one hub, one way to begin an operation, one watch over credentials. */
export function serveSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { graph, admission, authentication, calls, rateLimits, production, deadlineMs, clock, log } = options
  const metrics = createSubscriptionMetrics(options.metrics)
  const errors = createErrorPublisher(production)
  const hub = createSubscriptionHub({
    open: (subscription, after, receiver) =>
      calls.listen(subscription.subgraph, subscription.request(after), subscription.reader, receiver),
    publish: errors.publish,
    onSent: metrics.sent,
    log,
  })
  const live = createLiveOperations({ graph, admission, hub, rateLimits, deadlineMs, observer: metrics.live })
  const credentials = createCredentialWatch({ authentication, clock })
  const accessChanges = followAccessChanges({
    listen: calls.listen,
    onChange: credentials.accessChanged,
    onAllUnknown: credentials.allUnknown,
    log,
  })
  const httpStreams = createHttpStreams({ live, credentials })
  const webSockets = createWebSocketServer({
    liveOperations: live,
    credentialWatch: credentials,
    rateLimits,
    isAllowedOrigin: options.isAllowedOrigin,
    trustProxy: options.trustProxy,
    limits: { ...DEFAULT_WEBSOCKET_LIMITS, ...options.webSocketLimits },
    metrics: options.metrics,
    log,
  })
  metrics.figures(() => ({
    hub: hub.figures(),
    httpStreams: httpStreams.open,
    heldCredentials: credentials.held,
  }))

  return {
    httpStreams,
    onUpgrade: (request, socket, head) => webSockets.handleUpgrade(request, socket, head),
    openStreams: [httpStreams, webSockets],
    stop() {
      accessChanges.stop()
      credentials.stop()
      live.stop()
      hub.stop()
    },
  }
}
