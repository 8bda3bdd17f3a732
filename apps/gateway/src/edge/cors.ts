import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendRefusal } from '@courtside/http'
import { COST_HEADER } from '../limits/index.ts'

/** Whether pages of an origin may read our answers. */
export type IsAllowedOrigin = (origin: string) => boolean

/** Apollo's own pages, and whatever a developer serves on this machine. */
const DEVELOPMENT_ORIGINS: ReadonlySet<string> = new Set([
  'https://studio.apollographql.com',
  'https://sandbox.embed.apollographql.com',
  'https://explorer.embed.apollographql.com',
])
const LOCAL_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/

/** An exact list, or without one what developing needs. `null`, which any sandboxed frame can claim, is never on it. */
export function originsAllowed(list: readonly string[] | undefined, production: boolean): IsAllowedOrigin {
  const listed = new Set(list ?? [])
  if (list || production) return (origin) => origin !== 'null' && listed.has(origin)
  return (origin) => DEVELOPMENT_ORIGINS.has(origin) || LOCAL_ORIGIN.test(origin)
}

/** What every answer depends on. Who asks for the cost must not get a kept answer, which says nothing of it. */
export const VARY = `Origin, Accept, Accept-Encoding, ${COST_HEADER}`

const METHODS = 'GET, POST'
const REQUEST_HEADERS = [
  'content-type',
  'authorization',
  'x-api-key',
  'x-request-id',
  // Of a page that traces itself. No `tracestate`: nothing here reads it.
  'traceparent',
  'apollo-require-preflight',
  COST_HEADER,
  'x-apollo-operation-name',
  'apollographql-client-name',
  'apollographql-client-version',
  'apollo-query-plan-experimental',
  'apollo-query-plan-experimental-format',
  // Of a page that reads server-sent events by itself.
  'last-event-id',
].join(', ')
const RESPONSE_HEADERS = 'x-request-id, retry-after'
const PREFLIGHT_SECONDS = '7200'

/**
 * Answers preflight requests (true: done) and lets listed origins read other answers. No cookies are used here, so
 * none are allowed either.
 */
export function applyCors(
  request: IncomingMessage,
  response: ServerResponse,
  isAllowed: IsAllowedOrigin,
): boolean {
  const { origin } = request.headers
  response.setHeader('vary', VARY)
  const allowed = origin !== undefined && isAllowed(origin)
  if (allowed) {
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('access-control-expose-headers', RESPONSE_HEADERS)
  }
  if (request.method !== 'OPTIONS') return false
  if (!allowed) {
    const message = 'Pages of this origin may not use the graph. Add the origin to CORS_ORIGINS.'
    sendRefusal(response, 403, 'ORIGIN_NOT_ALLOWED', message)
    return true
  }
  response.writeHead(204, {
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': REQUEST_HEADERS,
    'access-control-max-age': PREFLIGHT_SECONDS,
  })
  response.end()
  return true
}
