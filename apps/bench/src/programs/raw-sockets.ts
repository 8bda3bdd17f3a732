// The floor: a server of `ws` that sends the same bytes to everybody who has asked for a game, and knows nothing else.
// Usage: node raw-sockets.ts '{"port", "url"}', the url being where the events of the domain come from
import { createServer } from 'node:http'
import { createClient } from 'graphql-ws'
import { type WebSocket, WebSocketServer, WebSocket as WebSocketClient } from 'ws'
import { expectedUpdate, type GameUpdate } from '../domain/index.ts'

interface Game {
  readonly sockets: WebSocket[]
  newest: Buffer | null
}

const { port, url } = JSON.parse(process.argv[2] ?? '') as { port: number; url: string }
const upstream = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocketClient })
const games = new Map<string, Game>()
/** As long as the ids of those who really have one, so that the bytes are as many. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

const server = createServer((_request, response) => response.end('{}'))
new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false }).on('connection', (socket) => {
  socket.on('message', (data: Buffer) => {
    const { type, payload } = JSON.parse(data.toString()) as Asked
    if (type === 'connection_init') socket.send('{"type":"connection_ack"}')
    if (type === 'subscribe' && payload) join(payload.variables.gameId, socket)
  })
})
server.listen(port, '127.0.0.1')

interface Asked {
  type: string
  payload?: { variables: { gameId: string } }
}

function join(gameId: string, socket: WebSocket): void {
  const game = games.get(gameId) ?? follow(gameId)
  game.sockets.push(socket)
  socket.once('close', () => {
    const at = game.sockets.indexOf(socket)
    const last = game.sockets.pop()
    if (last && last !== socket) game.sockets[at] = last
  })
  if (game.newest) socket.send(game.newest, { binary: false })
}

function follow(gameId: string): Game {
  const game: Game = { sockets: [], newest: null }
  games.set(gameId, game)
  const query = `subscription ($gameId: ID!) { gameUpdated(gameId: $gameId) { kind seq } }`
  upstream.subscribe<{ gameUpdated: Pick<GameUpdate, 'kind' | 'seq'> }>(
    { query, variables: { gameId } },
    {
      next({ data }) {
        if (!data) return
        const payload = { data: { gameUpdated: expectedUpdate(gameId, data.gameUpdated) } }
        const message = Buffer.from(JSON.stringify({ id: NOBODY, type: 'next', payload }))
        // Whoever joins is told where the game stands, and then what follows.
        game.newest = Buffer.from(String(message).replace('"CHANGED"', '"SNAPSHOT"'))
        for (const socket of game.sockets) socket.send(message, { binary: false })
      },
      error: (error) => {
        throw new Error(`There are no events: ${String(error)}`)
      },
      complete: () => undefined,
    },
  )
  return game
}
