// The floor for latency: a server of `ws` that listens on the bus itself, and sends each fact to those who follow its
// game. Nothing is read again, ordered, joined or checked.
// Usage: node raw-bus.ts <RawBusSettings as JSON>
import { createServer } from 'node:http'
import { type Bus, createPostgresBus, createRedisBus, isFact } from '@courtside/events'
import { createLogger } from '@courtside/logger'
import { type WebSocket, WebSocketServer } from 'ws'
import type { WriterSettings } from './game-writer.ts'

export interface RawBusSettings extends WriterSettings {
  port: number
  /** The versions of the games when it starts. */
  versions: readonly (readonly [gameId: string, version: number])[]
}

interface Asked {
  type: string
  payload?: { variables: { gameId: string } }
}

const { port, databaseUrl, bus: choice, versions } = JSON.parse(process.argv[2] ?? '') as RawBusSettings
const log = createLogger({ name: 'raw-bus', level: 'warn', pretty: false })
const bus: Bus =
  choice.kind === 'postgres'
    ? createPostgresBus({ url: databaseUrl, applicationName: 'bench-raw', log })
    : createRedisBus({ url: choice.url, prefix: 'courtside:hints:stats', log })
const newest = new Map(versions)
const sockets = new Map<string, WebSocket[]>(versions.map(([gameId]) => [gameId, []]))
const NOBODY = '00000000-0000-0000-0000-000000000000'

const toMessage = (kind: string, game: { id: string; version: number }) =>
  Buffer.from(
    JSON.stringify({
      id: NOBODY,
      type: 'next',
      payload: { data: { gameChanged: { kind, cursor: '', game } } },
    }),
  )

const hints = bus.listen({
  onHint(hint) {
    const gameId = hint.stream.slice('game:'.length)
    if (!isFact(hint)) throw new Error(`The fact ${hint.seq} of ${hint.stream} did not come over the bus`)
    const { game } = hint.payload as { game: { id: string; version: number } }
    newest.set(gameId, game.version)
    const message = toMessage('DETAILS', game)
    for (const socket of sockets.get(gameId) ?? []) socket.send(message, { binary: false })
  },
})
for (const [gameId] of versions) hints.follow(`game:${gameId}`)

const server = createServer((_request, response) => {
  // Heard everywhere, which is what whoever started it waits for.
  response.writeHead(bus.state.status === 'up' ? 200 : 503).end('{}')
})
new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false }).on('connection', (socket) => {
  socket.on('message', (data: Buffer) => {
    const { type, payload } = JSON.parse(data.toString()) as Asked
    if (type === 'connection_init') socket.send('{"type":"connection_ack"}')
    if (type !== 'subscribe' || !payload) return
    const { gameId } = payload.variables
    sockets.get(gameId)?.push(socket)
    socket.send(toMessage('SNAPSHOT', { id: gameId, version: newest.get(gameId) ?? 0 }), { binary: false })
  })
})
server.listen(port, '127.0.0.1')
