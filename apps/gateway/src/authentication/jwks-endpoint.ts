import type { JWK } from 'jose'
import { request } from 'undici'
import * as z from 'zod'

const TIMEOUT_MS = 5_000
const LARGEST_BYTES = 256 * 1024
const MOST_KEYS = 50

const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(MOST_KEYS) })

/** The keys that an issuer publishes. The address is configured, never taken from a token. */
export async function fetchJwks(url: string): Promise<readonly JWK[]> {
  const { statusCode, body } = await request(url, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    // Leaving the loop destroys the body, and with it the connection.
    if (size > LARGEST_BYTES) throw new Error(`${url} answers with more than ${LARGEST_BYTES} bytes`)
    chunks.push(chunk)
  }
  if (statusCode !== 200) throw new Error(`${url} answers ${statusCode}`)
  return jwks.parse(JSON.parse(Buffer.concat(chunks).toString('utf8'))).keys
}
