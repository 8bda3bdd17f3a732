import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Metrics } from '@courtside/http'
import type { Logger } from '@courtside/logger'
import { WebSocketServer as FrameServer } from 'ws'
import type { RateLimitOptions } from '../../admission/index.ts'
import type { CredentialHeaders } from '../../authentication/index.ts'
import { clientAddressOf, type IsAllowedOrigin, requestIdOf } from '../../edge/index.ts'
import { type CredentialWatch, SwapList, systemTimers, type Timers } from '../connections/index.ts'
import type { LiveOperations } from '../live-operation/index.ts'
import { draining, legacySubprotocol, subprotocolNotAcceptable } from './close-reasons.ts'
import { Connection, type ConnectionContext } from './connection.ts'
import { ConnectionCounts } from './connection-counts.ts'
import { GatewaySocket } from './gateway-socket.ts'
import { createHandshakeRate } from './handshake-rate.ts'
import { refuseUpgrade, toHandshakeRefusal, type UpgradeRefusal } from './upgrade-refusal.ts'
import { DEFAULT_WEBSOCKET_LIMITS, type WebSocketLimits } from './websocket-limits.ts'
import { createWebSocketMetrics, type RefusedUpgrade, type WebSocketFigures } from './websocket-metrics.ts'

export interface WebSocketServerOptions {
  liveOperations: LiveOperations
  credentialWatch: CredentialWatch
  rateLimits: Pick<RateLimitOptions, 'rateLimiter' | 'onLimited'>
  isAllowedOrigin: IsAllowedOrigin
  trustProxy: boolean
  metrics: Metrics
  log: Logger
  /** Default: `DEFAULT_WEBSOCKET_LIMITS`. */
  limits?: WebSocketLimits
  /** Default: those of the system. */
  timers?: Timers
  /** Default: `Math.random`. */
  random?: () => number
}

export interface WebSocketServer {
  /** For the event `upgrade` of the HTTP server. Answers whatever comes. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> | void
  /** Accepts no more, and closes what is open, spread at random over this time. Resolves when nothing is left. */
  drain(milliseconds: number): Promise<void>
  figures(): WebSocketFigures
}

const PROTOCOL = 'graphql-transport-ws'
const LEGACY_PROTOCOL = 'graphql-ws'
const PATH = '/graphql'

const SWEEP_MS = 1_000
const DRAIN_STEP_MS = 50
const RETRY_AFTER_SECONDS = 5

/** A client has so long to answer a close frame. */
const CLOSE_TIMEOUT_MS = 5_000
/** A message in more pieces than these is sent to cost memory, not to say something: each piece is an object. */
const MOST_FRAGMENTS = 128
const MOST_CHUNKS = 4_096

/** graphql-transport-ws at `/graphql`. */
export function createWebSocketServer(options: WebSocketServerOptions): WebSocketServer {
  const { limits = DEFAULT_WEBSOCKET_LIMITS, timers = systemTimers, random = Math.random } = options
  const { isAllowedOrigin, trustProxy } = options
  const log = options.log.child({ transport: 'websocket' })
  const metrics = createWebSocketMetrics(options.metrics)
  const counts = new ConnectionCounts(limits.connections)
  const rate = createHandshakeRate(options.rateLimits, limits.handshakesPerMinute)
  const connections = new SwapList<Connection>()
  let isDraining = false
  let whenEmpty = () => {}

  const frames = new FrameServer({
    noServer: true,
    clientTracking: false,
    // Each compressed connection would hold 64 KB and more, and no frame could be shared.
    perMessageDeflate: false,
    maxPayload: limits.frameBytes,
    maxFragments: MOST_FRAGMENTS,
    maxBufferedChunks: MOST_CHUNKS,
    WebSocket: GatewaySocket,
    // The legacy one is taken up only to be closed: its clients would not be told why otherwise.
    handleProtocols: (offered) =>
      offered.has(PROTOCOL) ? PROTOCOL : offered.has(LEGACY_PROTOCOL) ? LEGACY_PROTOCOL : false,
    // Not in the types of this version.
    ...{ closeTimeout: CLOSE_TIMEOUT_MS },
  })
  const refuse = ({ reason, ...refusal }: Refused, request: IncomingMessage, socket: Duplex) => {
    metrics.refused(reason)
    refuseUpgrade(socket, requestIdFrom(request), refusal)
  }
  frames.on('wsClientError', (error, socket, request) =>
    refuse({ ...toHandshakeRefusal(error, request), reason: 'handshake' }, request, socket),
  )
  frames.on('headers', (headers, request) => headers.push(`x-request-id: ${requestIdFrom(request)}`))

  const context: ConnectionContext = {
    liveOperations: options.liveOperations,
    credentialWatch: options.credentialWatch,
    limits,
    counts,
    metrics,
    log,
    now: () => timers.now(),
    gone(connection) {
      connections.remove(connection)
      if (connections.size === 0) whenEmpty()
    },
  }

  const refusalOf = ({ url = '', headers: { origin } }: IncomingMessage): Refused | null => {
    if (url.split('?', 1)[0] !== PATH) return { ...NOT_FOUND, reason: 'path' }
    if (origin !== undefined && !isAllowedOrigin(origin)) return { ...ORIGIN_NOT_ALLOWED, reason: 'origin' }
    if (isDraining) return { ...GOING_AWAY, reason: 'draining' }
    return connections.size >= limits.connections.process ? { ...FULL, reason: 'process-limit' } : null
  }

  const open = (
    webSocket: GatewaySocket,
    socket: Duplex,
    request: IncomingMessage,
    countedAddress: string,
  ) => {
    const connection = new Connection(context, webSocket, socket, {
      requestId: requestIdFrom(request),
      clientAddress: clientAddressOf(request, trustProxy),
      clientAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
      credential: credentialOf(request),
      countedAddress,
    })
    webSocket.serve(connection)
    connections.add(connection)
    if (webSocket.protocol === LEGACY_PROTOCOL) connection.close(legacySubprotocol)
    else if (webSocket.protocol !== PROTOCOL) connection.close(subprotocolNotAcceptable)
  }

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer, clientAddress: string) => {
    const refusal = refusalOf(request)
    if (refusal) return refuse(refusal, request, socket)
    const address = counts.enterAddress(clientAddress)
    if (address === null) return refuse({ ...TOO_MANY_OF_ADDRESS, reason: 'address-limit' }, request, socket)
    let isOpen = false
    frames.handleUpgrade(request, socket, head, (webSocket) => {
      isOpen = true
      open(webSocket, socket, request, address)
    })
    // No WebSocket handshake: it has been answered, and there is no connection to count.
    if (!isOpen) counts.leave(address)
  }

  const figures = (): WebSocketFigures => {
    let operations = 0
    let full = 0
    connections.each((connection) => {
      operations += connection.operations
      if (connection.isFull) full += 1
    })
    return { connections: connections.size, operations, full }
  }

  const stopSweeping = timers.every(SWEEP_MS, () => {
    const now = timers.now()
    connections.each((connection) => connection.sweep(now))
  })
  metrics.figures(figures)

  return {
    handleUpgrade(request, socket, head) {
      request.headers['x-request-id'] = requestIdOf(request.headers['x-request-id'])
      const clientAddress = clientAddressOf(request, trustProxy)
      const go = (limited: UpgradeRefusal | null) =>
        limited
          ? refuse({ ...limited, reason: 'rate' }, request, socket)
          : upgrade(request, socket, head, clientAddress)
      const limited = rate(clientAddress)
      return limited instanceof Promise ? limited.then(go) : go(limited)
    },
    async drain(milliseconds) {
      isDraining = true
      const left = shuffled(connections.all(), random)
      const empty = new Promise<void>((resolve) => {
        whenEmpty = resolve
        if (connections.size === 0) resolve()
      })
      const beganAt = timers.now()
      const all = left.length
      const step = () => {
        // The last ones have some time to answer.
        const share = Math.min(1, (timers.now() - beganAt + DRAIN_STEP_MS) / Math.max(1, milliseconds * 0.9))
        while (left.length > all * (1 - share)) left.pop()?.close(draining)
      }
      step()
      const stopSteps = timers.every(DRAIN_STEP_MS, step)
      const cancelRest = timers.after(milliseconds, () => {
        connections.each((connection) => connection.terminate())
      })
      await empty
      stopSteps()
      cancelRest()
      stopSweeping()
    },
    figures,
  }
}

type Refused = UpgradeRefusal & { readonly reason: RefusedUpgrade }

const NOT_FOUND: UpgradeRefusal = {
  status: 404,
  code: 'NOT_FOUND',
  message: 'There is nothing here. The graph is at /graphql.',
}
const ORIGIN_NOT_ALLOWED: UpgradeRefusal = {
  status: 403,
  code: 'ORIGIN_NOT_ALLOWED',
  message: 'Pages of this origin may not use the graph. Add the origin to CORS_ORIGINS.',
}
const GOING_AWAY: UpgradeRefusal = {
  status: 503,
  code: 'UNAVAILABLE',
  message: 'This server is going away. Connect again: another one will answer.',
  retryAfterSeconds: 1,
}
const FULL: UpgradeRefusal = {
  status: 503,
  code: 'TOO_MANY_CONNECTIONS',
  message: 'This server has as many connections as it can hold. Try again later.',
  retryAfterSeconds: RETRY_AFTER_SECONDS,
}
const TOO_MANY_OF_ADDRESS: UpgradeRefusal = {
  status: 429,
  code: 'TOO_MANY_CONNECTIONS',
  message: 'Too many connections are open from your address. Close some: one carries many operations.',
  retryAfterSeconds: RETRY_AFTER_SECONDS,
}

/** Set when it was asked for an upgrade. */
const requestIdFrom = ({ headers }: IncomingMessage) => String(headers['x-request-id'])

function credentialOf({ headers }: IncomingMessage): CredentialHeaders | null {
  const { authorization, 'x-api-key': apiKey } = headers
  if (authorization === undefined && apiKey === undefined) return null
  return { authorization, 'x-api-key': typeof apiKey === 'string' ? apiKey : undefined }
}

/** So that those who came at the same time do not come back at the same time. */
function shuffled<Item>(items: Item[], random: () => number): Item[] {
  const keyed = items.map((item) => ({ item, at: random() }))
  return keyed.sort((one, other) => one.at - other.at).map(({ item }) => item)
}
