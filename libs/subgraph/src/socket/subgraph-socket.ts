import type { Duplex } from 'node:stream'
import { endWithRefusal, type OnUpgrade } from '@courtside/http'
import { isDomainError } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, handleProtocols } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { RequestHeaders } from '../request-context.ts'
import type { SubgraphRequest } from '../subgraph-request.ts'
import type { SubgraphSubscription } from '../subscriptions/index.ts'
import { GatewayConnection } from './gateway-connection.ts'

export interface SubgraphSocket {
  readonly onUpgrade: OnUpgrade
  /** Closes all connections, so that gateways go on elsewhere, and takes no more. */
  drain(): void
}

export interface SubgraphSocketParts {
  principalOf(headers: RequestHeaders): unknown
  subscribe(request: SubgraphRequest): Promise<SubgraphSubscription>
  log: Logger
}

/** A gateway sends operations only; its own limit for clients is much smaller. */
const FRAME_LIMIT = 1024 * 1024

/**
 * Subscriptions for gateways in other processes: graphql-transport-ws, with the headers of each operation in its
 * `extensions`. Whoever connects shows an assertion before there is a WebSocket at all.
 */
export function createSubgraphSocket(parts: SubgraphSocketParts): SubgraphSocket {
  const { principalOf, subscribe, log } = parts
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_LIMIT,
    perMessageDeflate: false,
    handleProtocols,
    // Told to us as a connection like any other; the one that this keeps for itself would be a second list.
    clientTracking: false,
  })
  const connections = new Set<GatewayConnection>()
  let isDraining = false

  const open = (socket: WebSocket) => {
    const connection = new GatewayConnection(socket, subscribe, log)
    connections.add(connection)
    socket.once('close', () => connections.delete(connection))
    if (isDraining) connection.drain()
  }

  return {
    async onUpgrade(request, socket: Duplex, head) {
      if (request.url !== '/graphql') {
        return endWithRefusal(socket, '404 Not Found', 'NOT_FOUND', 'Subscriptions are at /graphql.')
      }
      if (isDraining) {
        return endWithRefusal(socket, '503 Service Unavailable', 'UNAVAILABLE', 'This process is stopping.')
      }
      try {
        await principalOf(request.headers)
      } catch (error) {
        if (!isDomainError(error)) throw error
        return endWithRefusal(socket, '401 Unauthorized', error.code, error.message)
      }
      const protocols = String(request.headers['sec-websocket-protocol'] ?? '')
      if (handleProtocols(protocols) === false) {
        const message = `Speak ${GRAPHQL_TRANSPORT_WS_PROTOCOL}.`
        return endWithRefusal(socket, '400 Bad Request', 'BAD_REQUEST', message)
      }
      server.handleUpgrade(request, socket, head, open)
    },
    drain() {
      isDraining = true
      for (const connection of connections) connection.drain()
    },
  }
}
