import { once } from 'node:events'
import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net'

/** Changes what a server sends before its client gets it. */
export type Rewrite = (bytes: Buffer) => Buffer

export interface TcpProxyOptions {
  /** Asked for each connection. The first is tried first; one that refuses is passed over. */
  targets(): readonly NetConnectOpts[]
  /** Makes a rewrite for one connection. Default: bytes pass as they are. */
  rewrite?(): Rewrite
}

/** Stands between clients and servers, spreads connections over the servers, and does what a bad network does. */
export interface TcpProxy {
  readonly port: number
  readonly connections: number
  /** Resets every connection; new ones may come at once. */
  cut(): void
  /** Nothing passes any more, in either direction, and nobody is told: connections are half open. */
  freeze(): void
  thaw(): void
  /** Holds back what servers send by as much. */
  delay(milliseconds: number): void
  /** Resets whoever connects. */
  refuse(): void
  admit(): void
  /** Spoils the first byte of what is sent next to each of so many clients. */
  corrupt(clients: number): void
  close(): Promise<void>
}

interface Weather {
  frozen: boolean
  refusing: boolean
  delayMs: number
  corruptions: number
}

/** What neither WebSocket nor HTTP lets begin anything. */
const SPOILT = 0xff

export async function startTcpProxy({ targets, rewrite }: TcpProxyOptions): Promise<TcpProxy> {
  const weather: Weather = { frozen: false, refusing: false, delayMs: 0, corruptions: 0 }
  const sockets = new Set<Socket>()
  let turn = 0

  const server = createServer({ pauseOnConnect: true }, (client) => {
    keep(sockets, client)
    if (weather.refusing) return reset(client)
    const choices = targets()
    const first = turn++
    const inTurn = choices.map((_, index) => choices[(first + index) % choices.length] ?? { port: 0 })
    void connectToFirst(inTurn).then((upstream) => {
      if (upstream === null || client.destroyed) {
        upstream?.destroy()
        reset(client)
        return
      }
      keep(sockets, upstream)
      join(client, upstream, { weather, rewrite: rewrite?.() ?? ((bytes) => bytes) })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port')

  const thaw = () => {
    weather.frozen = false
    for (const socket of sockets) socket.resume()
  }
  return {
    port: address.port,
    get connections() {
      return sockets.size / 2
    },
    cut() {
      for (const socket of sockets) reset(socket)
    },
    freeze() {
      weather.frozen = true
      for (const socket of sockets) socket.pause()
    },
    thaw,
    delay: (milliseconds) => void (weather.delayMs = milliseconds),
    refuse: () => void (weather.refusing = true),
    admit: () => void (weather.refusing = false),
    corrupt: (clients) => void (weather.corruptions = clients),
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function keep(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket)
  // A reset is what this proxy is for; the other side is told by the end of its own socket.
  socket.on('error', () => {})
  socket.once('close', () => sockets.delete(socket))
}

/** A socket in a file knows no reset. */
function reset(socket: Socket): void {
  if (socket.remoteAddress === undefined) socket.destroy()
  else socket.resetAndDestroy()
}

async function connectToFirst(targets: readonly NetConnectOpts[]): Promise<Socket | null> {
  for (const target of targets) {
    const socket = connect(target)
    try {
      await once(socket, 'connect')
      return socket
    } catch {
      // It is down: the next one.
      socket.destroy()
    }
  }
  return null
}

function join(
  client: Socket,
  upstream: Socket,
  { weather, rewrite }: { weather: Weather; rewrite: Rewrite },
): void {
  pass(
    client,
    upstream,
    weather,
    () => 0,
    (bytes) => bytes,
  )
  pass(
    upstream,
    client,
    weather,
    () => weather.delayMs,
    (bytes) => {
      const rewritten = rewrite(bytes)
      if (weather.corruptions === 0 || rewritten.length === 0) return rewritten
      weather.corruptions--
      const spoilt = Buffer.from(rewritten)
      spoilt[0] = SPOILT
      return spoilt
    },
  )
  if (!weather.frozen) {
    client.resume()
    upstream.resume()
  } else {
    client.pause()
    upstream.pause()
  }
}

function pass(
  from: Socket,
  to: Socket,
  weather: Weather,
  delayMs: () => number,
  change: (bytes: Buffer) => Buffer,
): void {
  let sent = Promise.resolve()
  const write = (bytes: Buffer) => {
    if (to.destroyed || bytes.length === 0 || to.write(bytes)) return
    from.pause()
    to.once('drain', () => {
      if (!weather.frozen) from.resume()
    })
  }
  from.on('data', (bytes: Buffer) => {
    const changed = change(bytes)
    const wait = delayMs()
    if (wait === 0) return void (sent = sent.then(() => write(changed)))
    sent = sent.then(() => new Promise((resolve) => setTimeout(resolve, wait))).then(() => write(changed))
  })
  from.once('end', () => void sent.then(() => to.end()))
  from.once('close', () => void sent.then(() => (from.errored ? reset(to) : to.destroySoon())))
}
