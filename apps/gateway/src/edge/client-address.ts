import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

type Addressed = Pick<IncomingMessage, 'headers'> & {
  socket: Pick<IncomingMessage['socket'], 'remoteAddress'>
}

/**
 * Where a request comes from. Behind a proxy it is the last address in X-Forwarded-For, the one that our own proxy
 * wrote; those before it are the client's to invent.
 */
export function clientAddressOf({ socket, headers }: Addressed, trustProxy: boolean): string {
  const direct = toPlain(socket.remoteAddress ?? '')
  if (!trustProxy) return direct
  const header = headers['x-forwarded-for']
  const forwarded = Array.isArray(header) ? header.join(',') : (header ?? '')
  const last = toPlain(forwarded.split(',').at(-1)?.trim() ?? '')
  return isIP(last) === 0 ? direct : last
}

const PLAIN = /^[\d.]+$/

/** `::ffff:192.0.2.1` is 192.0.2.1 by another name; some proxies add a port or brackets. */
function toPlain(address: string): string {
  if (PLAIN.test(address)) return address
  const bare = address
    .replace(/^\[(.*)\](?::\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/%.*$/, '')
  return bare.toLowerCase().startsWith('::ffff:') && bare.includes('.') ? bare.slice(7) : bare
}
