import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { StartupError } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import { BodyTooLargeError, discardBody, sendRefusal } from './messages.ts'

export interface Route {
  path: string
  /** `search`: what follows the path, with its question mark; empty when there is nothing. */
  handle(request: IncomingMessage, response: ServerResponse, search: string): Promise<void> | void
}

/** Takes over a connection that is to become a WebSocket. Whatever it throws destroys the connection. */
export type OnUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void> | void

/** What keeps connections open for as long as it likes: a drain would wait for it in vain. */
export interface OpenStreams {
  /** Takes no more, and ends all it has, spread over this time so that their clients do not come back all at once. */
  drain(withinMs: number): Promise<void>
}

export interface HttpEdgeOptions {
  routes: readonly Route[]
  /** Default: nothing here becomes a WebSocket, and a request that asks for one is answered like any other. */
  onUpgrade?: OnUpgrade
  /** What has to be told that the edge is drained: answers without an end, and connections taken over. Default: none. */
  streams?: readonly OpenStreams[]
  log: Logger
  /**
   * A connection on which nothing moves for so long, either way, is cut off; where something waits to be sent Node may
   * look twice. Default: a minute.
   */
  stalledMs?: number
}

export interface HttpEdge {
  readonly server: Server
  /** Begins to accept connections; resolves with the address to use. */
  listen(where: { host: string; port: number }): Promise<{ url: string; port: number }>
  /** Stops accepting, lets requests and streams end within `graceMs`, then closes what is left. */
  drain(graceMs: number): Promise<void>
}

/** The rest of the grace is for the last of them to leave. */
const SHARE_OF_STREAMS = 0.8

/** A client has this long to send its headers, and its whole request: slow ones hold a socket, not a worker. */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** Whoever takes nothing of an answer makes us keep it. Longer than any answer of ours takes to begin. */
const STALLED_MS = 60_000

/** An HTTP server of a few exact paths. Whatever a route throws is answered here and never ends the process. */
export function createHttpEdge(options: HttpEdgeOptions): HttpEdge {
  const { routes, onUpgrade, streams = [], log, stalledMs = STALLED_MS } = options
  const byPath = new Map(routes.map((route) => [route.path, route]))

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const target = request.url ?? '/'
    // Nearly every request names a path of ours as it stands; to take a target apart costs 1.5 µs.
    const exact = byPath.get(target)
    const url = exact ? null : targetOf(target)
    if (!exact && url === null)
      return sendRefusal(response, 400, 'BAD_REQUEST', 'The request target is not a valid path.')
    const route = exact ?? byPath.get(url?.pathname ?? '')
    if (!route)
      return sendRefusal(response, 404, 'NOT_FOUND', 'There is nothing here. The graph is at /graphql.')
    await route.handle(request, response, url?.search ?? '')
  }

  let draining = false
  /** Node forgets them, but closes no server before they are closed. */
  const upgraded = new Set<Duplex>()
  // Some clients offer to speak HTTP/2 in every request: that is not for us to take, and no reason to refuse it.
  const shouldUpgradeCallback = ({ headers }: IncomingMessage) =>
    onUpgrade !== undefined && headers.upgrade?.toLowerCase() === 'websocket'
  const server = createServer({ shouldUpgradeCallback }, (request, response) => {
    // A kept-alive connection that has nothing more to do would hold up the drain until it times out.
    response.once('close', () => {
      if (draining) setImmediate(() => server.closeIdleConnections())
    })
    answer(request, response).catch(async (error: unknown) => {
      if (error instanceof BodyTooLargeError) {
        await discardBody(request, response)
        return sendRefusal(response, 413, 'BODY_TOO_LARGE', error.message)
      }
      if (request.destroyed && !request.complete) return response.destroy() // The client went away.
      log.error({ err: error, path: request.url?.split('?', 1)[0] }, 'A request failed at the HTTP edge')
      if (response.headersSent) return response.destroy()
      sendRefusal(response, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.')
    })
  })
  server.on('clientError', refuseUnreadable)
  // Apart from what else is done with it: its listeners would keep the request alive for as long as the connection.
  const keep = (socket: Duplex) => {
    socket.on('error', () => socket.destroy())
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
  }
  server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
    keep(socket)
    Promise.resolve()
      .then(() => onUpgrade?.(request, socket, head))
      .catch((error: unknown) => {
        log.error({ err: error, path: request.url?.split('?', 1)[0] }, 'A connection could not be upgraded')
        socket.destroy()
      })
  })
  server.headersTimeout = HEADERS_TIMEOUT_MS
  server.requestTimeout = REQUEST_TIMEOUT_MS
  server.timeout = stalledMs

  return {
    server,
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) => reject(toStartupError(error, host, port)))
        server.listen(port, host, () => {
          server.removeAllListeners('error')
          server.on('error', (error) => log.error({ err: error }, 'The HTTP server reported an error'))
          const bound = server.address() as AddressInfo
          resolve({
            url: `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`,
            port: bound.port,
          })
        })
      }),
    async drain(graceMs) {
      if (!server.listening) return
      draining = true
      const leaving = streams.map((open) => open.drain(graceMs * SHARE_OF_STREAMS))
      await new Promise<void>((resolve) => {
        const rest = setTimeout(() => {
          server.closeAllConnections()
          for (const socket of upgraded) socket.destroy()
        }, graceMs)
        server.close(() => {
          clearTimeout(rest)
          resolve()
        })
        server.closeIdleConnections()
      })
      await Promise.all(leaving)
    },
  }
}

/** Answers what is not HTTP, or too much of it, in the words of every other refusal. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const { status, code, message } = UNREADABLE[error.code ?? ''] ?? MALFORMED
  endWithRefusal(socket, status, code, message)
}

/** In place of an upgrade. `status`: with its words. */
export function endWithRefusal(socket: Duplex, status: string, code: string, message: string): void {
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] })
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

const MALFORMED = { status: '400 Bad Request', code: 'BAD_REQUEST', message: 'This is not an HTTP request.' }

const UNREADABLE: Readonly<Record<string, typeof MALFORMED>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    code: 'HEADERS_TOO_LARGE',
    message: 'The headers and the path together may have 16 KB. Send long queries by POST.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    code: 'REQUEST_TIMEOUT',
    message: 'The request took too long to arrive. Send it again.',
  },
}

/** The path asked for; null when it cannot be one (`//`, a bad escape, an absolute URL of a strange scheme). */
function targetOf(target: string): URL | null {
  // Joined as text: resolved against a base, `//evil.example/graphql` would be the path `/graphql` of another host.
  const address = `http://edge.invalid${target}`
  if (!target.startsWith('/') || !URL.canParse(address)) return null
  const url = new URL(address)
  // A path that means another one, such as `/graphql/../metrics`, would pass the rules of a proxy under a false name.
  return url.pathname === target.split(/[?#]/, 1)[0] ? url : null
}

function toStartupError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new StartupError(
      `Port ${port} on ${host} is already in use. Stop the program that uses it, or choose another port with PORT=${port + 1}.`,
    )
  }
  if (error.code === 'EACCES') {
    return new StartupError(`Port ${port} may not be used by this user. Choose a port above 1023 with PORT.`)
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new StartupError(`This machine has no address ${host}. Set HOST to 127.0.0.1 or 0.0.0.0.`)
  }
  return error
}
