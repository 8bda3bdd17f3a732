import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

export interface UpgradeRefusal {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly retryAfterSeconds?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** What `ws` found wrong with a handshake, in its words. It has not answered yet. */
export function toHandshakeRefusal({ message }: Error, { method }: IncomingMessage): UpgradeRefusal {
  if (method !== 'GET') {
    return {
      status: 405,
      code: 'METHOD_NOT_ALLOWED',
      message: 'Open a WebSocket by GET.',
      headers: { allow: 'GET' },
    }
  }
  return {
    status: 400,
    code: 'BAD_REQUEST',
    message: `This is no WebSocket handshake: ${message}.`,
    headers: { 'sec-websocket-version': '13, 8' },
  }
}

/** Answers in HTTP, in the words of every other refusal: there is no WebSocket yet to close. */
export function refuseUpgrade(socket: Duplex, requestId: string, refusal: UpgradeRefusal): void {
  const { status, code, message, retryAfterSeconds, headers = {} } = refusal
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    ...(retryAfterSeconds === undefined ? [] : [`retry-after: ${retryAfterSeconds}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
  ]
  socket.on('error', () => socket.destroy())
  // A client that does not hang up must not keep the socket.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
