import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ApolloServer, type BaseContext, HeaderMap } from '@apollo/server'
import { readBody, sendRefusal } from './messages.ts'

export type ContextOf<Context extends BaseContext> = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<Context>

/**
 * Serves an Apollo server on `node:http`. Apollo's own integrations bring a web framework with them; all it needs is
 * method, headers, query string and the parsed body.
 */
export function apolloHandler<Context extends BaseContext>(
  apollo: ApolloServer<Context>,
  contextOf: ContextOf<Context>,
  bodyLimit: number,
) {
  return async (request: IncomingMessage, response: ServerResponse, search: string): Promise<void> => {
    const body = parseBody(request.method === 'POST' ? await readBody(request, bodyLimit) : '')
    if (body === UNPARSABLE) {
      return sendRefusal(response, 400, 'BAD_REQUEST', 'The body is not JSON. Send {"query": "…"}.')
    }
    const headers = new HeaderMap()
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
    }
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? 'GET', headers, search, body },
      context: () => contextOf(request, response),
    })
    for (const [name, value] of answer.headers) response.setHeader(name, value)
    response.statusCode = answer.status ?? 200
    if (answer.body.kind === 'complete') {
      response.end(answer.body.string)
      return
    }
    for await (const chunk of answer.body.asyncIterator) response.write(chunk)
    response.end()
  }
}

const UNPARSABLE = Symbol('unparsable')

function parseBody(text: string): unknown {
  if (text === '') return {}
  try {
    return JSON.parse(text) as unknown
  } catch {
    return UNPARSABLE
  }
}
