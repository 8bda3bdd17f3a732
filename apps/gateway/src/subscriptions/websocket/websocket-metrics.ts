import type { Metrics } from '@courtside/http'

export interface WebSocketFigures {
  readonly connections: number
  readonly operations: number
  /** Connections that take nothing at the moment. */
  readonly full: number
}

export interface WebSocketMetrics {
  /** Of these messages of operations somebody has been sent one more. */
  delivered(messages: number): void
  closed(code: number): void
  refused(reason: RefusedUpgrade): void
  /** `read` is asked each time that the figures are told. */
  figures(read: () => WebSocketFigures): void
}

export type RefusedUpgrade =
  'path' | 'origin' | 'draining' | 'process-limit' | 'address-limit' | 'rate' | 'handshake'

/** Codes that a client may close with are its own to choose; those that we know are told apart. */
const KNOWN_CODES: ReadonlySet<number> = new Set([
  1000, 1001, 1002, 1005, 1006, 1007, 1008, 1009, 1012, 1013, 4290, 4291, 4400, 4401, 4403, 4406, 4408, 4409,
  4429,
])

export function createWebSocketMetrics(metrics: Metrics): WebSocketMetrics {
  const connections = metrics
    .gauge('courtside_gateway_websocket_connections', 'WebSocket connections that are open.')
    .with({})
  const operations = metrics
    .gauge('courtside_gateway_websocket_operations', 'Operations that run over WebSocket connections.')
    .with({})
  const full = metrics
    .gauge('courtside_gateway_websocket_full', 'WebSocket connections that take nothing at the moment.')
    .with({})
  const messages = metrics
    .counter('courtside_gateway_websocket_messages_total', 'Results sent over WebSocket connections.')
    .with({})
  const closes = metrics.counter(
    'courtside_gateway_websocket_closed_total',
    'WebSocket connections that were closed, by the code of who closed first.',
    ['code'],
  )
  const refusals = metrics.counter(
    'courtside_gateway_websocket_refused_total',
    'WebSocket connections refused before they were open.',
    ['reason'],
  )
  let sent = 0
  let readFigures = (): WebSocketFigures => ({ connections: 0, operations: 0, full: 0 })
  metrics.beforeTelling(() => {
    const figures = readFigures()
    connections.set(figures.connections)
    operations.set(figures.operations)
    full.set(figures.full)
    messages.inc(sent)
    sent = 0
  })
  return {
    delivered(count) {
      sent += count
    },
    closed: (code) => closes.inc({ code: KNOWN_CODES.has(code) ? String(code) : 'other' }),
    refused: (reason) => refusals.inc({ reason }),
    figures(read) {
      readFigures = read
    },
  }
}
