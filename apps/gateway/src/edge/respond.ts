import type { ServerResponse } from 'node:http'
import type { RequestRefusal } from '../errors/index.ts'
import type { LaneAnswer } from '../lane/index.ts'
import { JSON_RESPONSE } from './media-type.ts'

/** Answers differ by who asks, so nothing on the way may keep them. */
const NOT_STORED = 'private, no-store'

export function sendAnswer(response: ServerResponse, mediaType: string, answer: LaneAnswer): void {
  const { status, errors, data, extensions } = answer
  send(response, status, mediaType, { errors, data, extensions })
}

export function sendRequestRefusal(
  response: ServerResponse,
  mediaType: string | null,
  refusal: RequestRefusal,
): void {
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value)
  send(response, refusal.status, mediaType ?? JSON_RESPONSE, { errors: refusal.errors })
}

function send(response: ServerResponse, status: number, mediaType: string, body: object): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, {
    'content-type': `${mediaType}; charset=utf-8`,
    'content-length': bytes.length,
    'cache-control': NOT_STORED,
    'x-content-type-options': 'nosniff',
  })
  response.end(bytes)
}
