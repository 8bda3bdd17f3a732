import type { SubgraphResponse } from '@courtside/subgraph'
import { Pool } from 'undici'
import type { SubgraphTransport } from './subgraph-transport.ts'

export interface HttpTransportOptions {
  /** Default: 128. Requests beyond wait for a free connection. */
  connections?: number
  /** Default: 10 s, for connecting, for the first byte and between bytes. */
  timeoutMs?: number
  /** Default: 10 MB. A larger answer is a fault of the subgraph, and must not fill our memory. */
  responseBytes?: number
}

/** A subgraph in a process of its own, over connections that stay open. An address without a path means `/graphql`. */
export function httpTransport(url: string, options: HttpTransportOptions = {}): SubgraphTransport {
  const { connections = 128, timeoutMs = 10_000, responseBytes = 10 * 1024 * 1024 } = options
  const { origin, pathname, search } = new URL(url)
  const pool = new Pool(origin, {
    connections,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connectTimeout: timeoutMs,
    maxResponseSize: responseBytes,
  })
  return {
    async send({ headers, ...operation }, signal) {
      const { statusCode, body } = await pool.request({
        path: (pathname === '/' ? '/graphql' : pathname) + search,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(operation),
        signal: signal ?? null,
      })
      const text = await body.text()
      // 400 carries errors of the operation itself, such as a variable of the wrong type.
      if (statusCode !== 200 && statusCode !== 400) {
        throw new Error(`${origin} answered ${statusCode}: ${text.slice(0, 200)}`)
      }
      const answer: unknown = JSON.parse(text)
      if (!isSubgraphResponse(answer)) throw new Error(`${origin} did not answer with a GraphQL response`)
      return answer
    },
    close: () => pool.close(),
  }
}

function isSubgraphResponse(answer: unknown): answer is SubgraphResponse {
  if (typeof answer !== 'object' || answer === null) return false
  const { data, errors } = answer as SubgraphResponse
  if (errors !== undefined && !(Array.isArray(errors) && errors.every(isError))) {
    return false
  }
  return typeof data === 'object' || (data === undefined && errors !== undefined)
}

function isError(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string'
  )
}
