import type { IncomingMessage } from 'node:http'
import type { Logger } from '@courtside/logger'
import type { CredentialHeaders } from '../authentication/index.ts'
import { refuse } from '../errors/index.ts'
import type { StreamRequest } from '../subscriptions/index.ts'
import type { IsAllowedOrigin } from './cors.ts'
import type { GraphqlParams } from './graphql-params.ts'
import type { StreamType } from './media-type.ts'

interface Known {
  readonly type: StreamType
  readonly params: GraphqlParams
  readonly requestId: string
  readonly clientAddress: string
  readonly log: Logger
  readonly isStreamOnly: boolean
}

/** Cursors are shorter. */
const LONGEST_CURSOR = 1_000

/** A request whose answer is a stream. */
export function toStreamRequest(request: IncomingMessage, known: Known): StreamRequest {
  const { headers, method } = request
  const lastEvent = headers['last-event-id']
  return {
    ...known,
    headers: credentialHeaders(request),
    clientAgent: clientAgentOf(request),
    lastEvent: typeof lastEvent === 'string' && lastEvent !== '' ? lastEvent.slice(0, LONGEST_CURSOR) : null,
    isReadOnly: method === 'GET',
  }
}

/**
 * An EventSource sends no header of its own that would show that it is meant, and a page of a stranger can open one. It
 * could read nothing of it, but hold it open for as long as somebody looks at that page; so it is not begun. Older
 * browsers do not say whose page it is, but each names the origin when it is another than ours.
 */
export function assertOwnStream(
  { method, headers }: IncomingMessage,
  isAllowedOrigin: IsAllowedOrigin,
): void {
  const { origin, 'sec-fetch-site': site } = headers
  const isForeign =
    site === 'cross-site' || (method === 'GET' && origin !== undefined && site !== 'same-origin')
  if (!isForeign || (origin !== undefined && isAllowedOrigin(origin))) return
  throw refuse(
    403,
    'ORIGIN_NOT_ALLOWED',
    'Pages of this origin may not use the graph. Add the origin to CORS_ORIGINS.',
  )
}

export function credentialHeaders({ headers }: IncomingMessage): CredentialHeaders {
  const { authorization, 'x-api-key': apiKey } = headers
  return { authorization, 'x-api-key': typeof apiKey === 'string' ? apiKey : undefined }
}

export function clientAgentOf({ headers }: IncomingMessage): string | null {
  return headers['user-agent']?.slice(0, 500) ?? null
}
