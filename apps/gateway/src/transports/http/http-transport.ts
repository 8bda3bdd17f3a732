import { Pool } from 'undici'
import { HttpExchange } from './http-exchange.ts'
import { toRequestBody } from './request-body.ts'
import { SocketListenings } from './socket-listenings.ts'
import type { SubgraphTransport } from '../subgraph-transport.ts'

export interface HttpTransportOptions {
  /** Default: 320, more than clients have in flight, so that the gateway's own questions find one too. */
  connections?: number
  /** How long connecting may take. Default: 2 s. There is no other limit of time here: whoever asks sets the deadline. */
  connectTimeoutMs?: number
  /** Default: 10 MB. A larger answer is a fault of the subgraph, and must not fill our memory. */
  responseBytes?: number
  /** How often a silent connection of subscriptions is asked whether it lives. Default: 4 s; given up after two. */
  heartbeatMs?: number
  /** How long a connection without subscriptions is kept. Default: 10 s. */
  idleMs?: number
}

/** A subgraph in a process of its own, over connections that stay open. An address without a path means `/graphql`. */
export function httpTransport(url: string, options: HttpTransportOptions = {}): SubgraphTransport {
  const { connections = 320, connectTimeoutMs = 2_000, responseBytes = 10 * 1024 * 1024 } = options
  const { origin, pathname, search } = new URL(url)
  const path = (pathname === '/' ? '/graphql' : pathname) + search
  const pool = new Pool(origin, {
    connections,
    connectTimeout: connectTimeoutMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: responseBytes,
  })
  const listenings = new SocketListenings({
    url: `${origin.replace(/^http/, 'ws')}${path}`,
    connectTimeoutMs,
    messageBytes: responseBytes,
    heartbeatMs: options.heartbeatMs,
    idleMs: options.idleMs,
  })
  return {
    send({ fetch, headers }, receiver) {
      const exchange = new HttpExchange(origin, receiver)
      pool.dispatch({ path, method: 'POST', headers: toWire(headers), body: toRequestBody(fetch) }, exchange)
      return exchange
    },
    subscribe: (request, receiver) => listenings.subscribe(request, receiver),
    async close() {
      listenings.close()
      await pool.close()
    },
  }
}

/** Names and values in turns, which is the form that undici walks fastest. */
function toWire(headers: Readonly<Record<string, string>>): string[] {
  const wire = ['content-type', 'application/json', 'accept', 'application/json']
  for (const name in headers) wire.push(name, headers[name] ?? '')
  return wire
}
