import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type WebSocket, WebSocketServer } from 'ws'
import { Delivery, type Told } from './delivery.ts'
import { Subscriber } from './subscriber.ts'

let server: WebSocketServer
let subscriber: Subscriber | null = null
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' })
  await once(server, 'listening')
})
afterEach(async () => {
  subscriber?.leave()
  subscriber = null
  for (const client of server.clients) client.terminate()
  await new Promise((resolve) => server.close(resolve))
})

interface Said {
  type: string
  id?: string
  payload?: { variables: object }
}

/** What it says, one after the other. */
function listen(socket: WebSocket): () => Promise<Said> {
  const said: Said[] = []
  let wake = () => {}
  socket.on('message', (data: Buffer) => {
    said.push(JSON.parse(data.toString()) as Said)
    wake()
  })
  return async () => {
    while (said.length === 0) await new Promise<void>((resolve) => (wake = resolve))
    return said.shift() as Said
  }
}

async function connect(after: { cursor: string; seq: number } | null) {
  const connected = once(server, 'connection') as Promise<[WebSocket]>
  const delivery = new Delivery((data) => data as Told, true)
  let wake = () => {}
  const { port } = server.address() as AddressInfo
  const terms = { port, document: 'subscription Follow', delivery, moved: () => wake() }
  const one = (subscriber = new Subscriber(terms, '127.0.0.1', [{ id: 'mine', gameId: 'g1', after }]))
  const [socket] = await connected
  const next = listen(socket)
  expect((await next()).type).toBe('connection_init')
  socket.send('{"type":"connection_ack"}')
  const asked = await next()
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise<void>((resolve) => (wake = resolve))
  }
  const tell = (seq: number) => {
    const data = { gameId: 'g1', seq, snapshot: seq === 0, cursor: `c${seq}` }
    socket.send(JSON.stringify({ id: 'mine', type: 'next', payload: { data, padding: 'x'.repeat(200) } }))
  }
  return { one, socket, next, asked, delivery, until, tell }
}

test('a subscriber asks for its game, and is told from the snapshot on', async () => {
  const { one, asked, delivery, until, tell } = await connect(null)
  expect(asked).toMatchObject({
    type: 'subscribe',
    id: 'mine',
    payload: { variables: { gameId: 'g1', after: null } },
  })
  for (const seq of [0, 1, 2]) tell(seq)
  await until(() => delivery.figures.delivered === 2)
  expect(one.isTold).toBe(true)
  expect(one.fault).toBeNull()
})

test('whoever comes back asks for what is after its place', async () => {
  const { asked, delivery, until, tell } = await connect({ cursor: 'c7', seq: 7 })
  expect(asked.payload?.variables).toEqual({ gameId: 'g1', after: 'c7' })
  tell(8)
  await until(() => delivery.figures.delivered === 1)
})

test('pings of both kinds are answered, so that nobody is taken for dead', async () => {
  const { socket, next } = await connect(null)
  socket.send('{"type":"ping"}')
  expect((await next()).type).toBe('pong')
  const answered = once(socket, 'pong') as Promise<[Buffer]>
  socket.ping('there?')
  expect((await answered)[0].toString()).toBe('there?')
})

test('what ends a connection, or is wrong, is the fault of it', async () => {
  const { one, tell, until, socket } = await connect({ cursor: 'c7', seq: 7 })
  tell(9)
  await until(() => one.fault !== null)
  expect(one.fault).toContain('"seq":9')
  const other = await connect(null)
  socket.terminate()
  other.socket.close(4290, 'slow')
  await other.until(() => other.one.fault !== null)
  expect(other.one.fault).toBe('closed with 4290 slow')
})
