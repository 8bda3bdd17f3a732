import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ApolloServer, type BaseContext, HeaderMap } from '@apollo/server'
import { sendRefusal } from '@courtside/http'

/** Answers an HTTP request through Apollo Server, which knows what to say to the unusual and the wrong. */
export async function answerByApollo<Context extends BaseContext>(
  apollo: ApolloServer<Context>,
  request: IncomingMessage,
  response: ServerResponse,
  { search, text, context }: { search: string; text: string; context: Context },
): Promise<void> {
  const body = parseBody(text)
  if (body === UNPARSABLE) {
    return sendRefusal(response, 400, 'BAD_REQUEST', 'The body is not JSON. Send {"query": "…"}.')
  }
  const headers = new HeaderMap()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: request.method ?? 'GET', headers, search, body },
    context: () => Promise.resolve(context),
  })
  if (answer.body.kind !== 'complete') {
    throw new Error('A subgraph answered incrementally to a plain operation')
  }
  for (const [name, value] of answer.headers) response.setHeader(name, value)
  response.setHeader('cache-control', 'no-store')
  response.statusCode = answer.status ?? 200
  response.end(answer.body.string)
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
