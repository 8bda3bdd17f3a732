import type { IncomingMessage, ServerResponse } from 'node:http'
import { NOT_STORED } from '../caching/index.ts'
import type { RequestRefusal } from '../errors/index.ts'
import { compress } from './compression.ts'
import { JSON_RESPONSE } from './media-type.ts'

export interface Reply {
  status: number
  mediaType: string
  /** JSON text. */
  body: string
  cacheControl: string
}

/** Sends an answer of the graph, compressed where that gains something. */
export async function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
): Promise<void> {
  const acceptEncoding = request.headers['accept-encoding']
  const compressed = acceptEncoding === undefined ? null : await compress(reply.body, acceptEncoding)
  if (response.destroyed) return
  if (compressed) response.setHeader('content-encoding', compressed.encoding)
  // Text goes out in one piece with the headers, bytes in a second one.
  const body = compressed?.bytes ?? reply.body
  response.writeHead(reply.status, {
    'content-type': `${reply.mediaType}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    'cache-control': reply.cacheControl,
    'x-content-type-options': 'nosniff',
  })
  response.end(body)
}

export function sendRequestRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  mediaType: string | null,
  refusal: RequestRefusal,
): Promise<void> {
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value)
  const type = mediaType ?? JSON_RESPONSE
  return sendReply(request, response, {
    status: statusFor(refusal.status, refusal.code, type),
    mediaType: type,
    body: JSON.stringify({ errors: refusal.errors }),
    cacheControl: NOT_STORED,
  })
}

/** What is wrong with an operation itself. All else is wrong with the request that brings it. */
const FAULTS_OF_OPERATIONS: ReadonlySet<string> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'OPERATION_NOT_PLANNABLE',
])

/**
 * GraphQL over HTTP wants 200 for a faulty operation where the answer is plain JSON: with another status a client could
 * not tell the graph's words from those of a proxy. An answer of GraphQL's own type tells by itself, and says 400.
 */
export function statusFor(status: number, code: string, mediaType: string): number {
  return status === 400 && mediaType === JSON_RESPONSE && FAULTS_OF_OPERATIONS.has(code) ? 200 : status
}
