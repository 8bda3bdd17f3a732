import type { IncomingMessage, ServerResponse } from 'node:http'

export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError'
  readonly limit: number
  /** As announced, or as far as it was read. */
  readonly actual: number

  constructor(limit: number, actual: number) {
    super(`The body has ${actual} bytes or more; the limit is ${limit}. Send less in one request.`)
    this.limit = limit
    this.actual = actual
  }
}

/** The whole body as text, refused as soon as it is known to be longer than `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<string> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > limit) throw new BodyTooLargeError(limit, announced)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw new BodyTooLargeError(limit, size)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export function sendText(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
  })
  response.end(body)
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, 'application/json; charset=utf-8', JSON.stringify(body))
}

/** A refusal in the shape of a GraphQL response, so that clients read every answer of `/graphql` in one way. */
export function sendRefusal(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { errors: [{ message, extensions: { code } }] })
}
