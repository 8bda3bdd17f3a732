import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ApolloServer } from '@apollo/server'
import type { Principal } from '@courtside/auth'
import { readBody, type Route, sendRefusal } from '@courtside/http'
import { isDomainError } from '@courtside/kernel'
import { answerByApollo } from './apollo-answer.ts'
import type { RequestContext, RequestHeaders } from './request-context.ts'
import { isTooLate, TOO_LATE } from './request-deadline.ts'
import type { SubgraphOperation, SubgraphResponse } from './subgraph-request.ts'

/** Requests come from our own gateway, which has its own, much smaller limit for clients. */
const BODY_LIMIT = 10 * 1024 * 1024

export interface SubgraphRouteParts<Context extends RequestContext> {
  principalOf(headers: RequestHeaders): Principal | Promise<Principal>
  toRequestContext(headers: RequestHeaders, principal: Principal): RequestContext
  createContext(request: RequestContext): Context
  /** Null for an operation that only Apollo Server can answer. */
  answer(operation: SubgraphOperation, context: Context): Promise<SubgraphResponse | null>
  apollo: ApolloServer<Context>
}

/** The subgraph for a gateway in another process. Apollo Server answers whatever is not a plain POST of an operation. */
export function createSubgraphRoute<Context extends RequestContext>(
  parts: SubgraphRouteParts<Context>,
): Route {
  return {
    path: '/graphql',
    async handle(request, response, search) {
      let principal: Principal
      try {
        // Before the body is read, let alone parsed: nobody but the gateway makes this process work.
        principal = await parts.principalOf(request.headers)
      } catch (error) {
        if (!isDomainError(error)) throw error
        return sendRefusal(response, 401, error.code, error.message)
      }
      const text = request.method === 'POST' ? await readBody(request, BODY_LIMIT) : ''
      const known = parts.toRequestContext(request.headers, principal)
      if (isTooLate(known)) return sendAnswer(response, 400, TOO_LATE)
      const context = parts.createContext(known)
      const operation = isPlain(request, search) ? operationIn(text) : null
      const answer = operation && (await parts.answer(operation, context))
      if (answer) return sendAnswer(response, 200, answer)
      await answerByApollo(parts.apollo, request, response, { search, text, context })
    },
  }
}

function isPlain({ method, headers }: IncomingMessage, search: string): boolean {
  const { accept = '*/*' } = headers
  return (
    method === 'POST' &&
    search === '' &&
    headers['content-type'] === 'application/json' &&
    (accept === 'application/json' || accept === '*/*')
  )
}

const PARTS = new Set(['query', 'operationName', 'variables'])

/** Null for anything but an operation in its plainest form. */
function operationIn(text: string): SubgraphOperation | null {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return null // Apollo's path says so.
  }
  if (!isRecord(body)) return null
  for (const part in body) if (!PARTS.has(part)) return null
  const { query, operationName = null, variables = null } = body
  if (typeof query !== 'string' || (operationName !== null && typeof operationName !== 'string')) return null
  if (variables !== null && !isRecord(variables)) return null
  return { query, operationName: operationName ?? undefined, variables: variables ?? undefined }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** In the bytes in which Apollo Server writes an answer. */
function sendAnswer(response: ServerResponse, status: number, { errors, data }: SubgraphResponse): void {
  const text = `${JSON.stringify({ errors, data })}\n`
  response.writeHead(status, {
    'cache-control': 'no-store',
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}
