import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

export interface UpgradeRefusal {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly retryAfterSeconds?: number
}

/** Answers in HTTP, in the words of every other refusal: there is no WebSocket yet to close. */
export function refuseUpgrade(socket: Duplex, requestId: string, refusal: UpgradeRefusal): void {
  const { status, code, message, retryAfterSeconds } = refusal
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    ...(retryAfterSeconds === undefined ? [] : [`retry-after: ${retryAfterSeconds}`]),
    'connection: close',
  ]
  socket.on('error', () => socket.destroy())
  // A client that does not hang up must not keep the socket.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
