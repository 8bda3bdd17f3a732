import type { IncomingMessage } from 'node:http'
import { readBody } from '@courtside/http'
import { refuse } from '../errors/index.ts'
import { namesAnswerType, wantsOtherThings } from './media-type.ts'

type Json = Readonly<Record<string, unknown>>

/** A GraphQL request, whatever it came in. */
export interface GraphqlParams {
  query: string | null
  operationName: string | null
  variables: Json
  extensions: Json
  /** Names of a document that is known, in the two ways in which clients send them. */
  documentId: unknown
  id: unknown
}

/**
 * Refuses what a page of a stranger can send without being asked first: forms and plain links. Called before the
 * credential is looked at and the body is read.
 */
export function assertDeliberate({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): void {
  if (method === 'POST') return assertJsonContent(headers)
  if (method !== 'GET') {
    throw refuse(405, 'METHOD_NOT_ALLOWED', 'Send GraphQL requests by POST, or queries by GET.', {
      allow: 'GET, POST, OPTIONS',
    })
  }
  if (isMeant(headers)) return
  throw refuse(
    400,
    'CSRF_PREVENTED',
    'A request by GET must show that it is meant: send "Accept: application/json" or the header "apollo-require-preflight: true".',
  )
}

/**
 * Links and embedded things of a stranger's page are not. What a script of that page sends may look meant; it gains
 * nothing: there are no cookies to ride on, a query changes nothing, and the browser does not let it read the answer.
 */
function isMeant(headers: IncomingMessage['headers']): boolean {
  const preflighted =
    headers['apollo-require-preflight'] ??
    headers['x-apollo-operation-name'] ??
    headers.authorization ??
    headers['x-api-key']
  if (preflighted || namesAnswerType(headers.accept)) return true
  const mode = headers['sec-fetch-mode']
  return mode !== 'no-cors' && mode !== 'navigate' && !wantsOtherThings(headers.accept)
}

function assertJsonContent(headers: IncomingMessage['headers']): void {
  const [type = '', ...parameters] = (headers['content-type'] ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase())
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '')
  if (type !== 'application/json' || (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')) {
    throw refuse(
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      'Send the body as JSON in UTF-8: "Content-Type: application/json".',
    )
  }
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') {
    throw refuse(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body as it is, without Content-Encoding.')
  }
}

export async function readParams(
  request: IncomingMessage,
  search: string,
  bodyBytes: number,
): Promise<GraphqlParams> {
  return request.method === 'GET'
    ? fromSearch(new URLSearchParams(search))
    : fromBody(await readBody(request, bodyBytes))
}

function fromBody(text: string): GraphqlParams {
  const body = parseJson(text, 'The body')
  if (Array.isArray(body)) {
    throw refuse(
      400,
      'BATCHING_NOT_SUPPORTED',
      'Send one operation in a request. A list of them is not accepted.',
    )
  }
  if (!isObject(body)) throw badRequest('The body must be a JSON object: {"query": "…"}.')
  return toParams(body)
}

function fromSearch(search: URLSearchParams): GraphqlParams {
  const one = (name: string): string | null => {
    const [value = null, ...others] = search.getAll(name)
    if (others.length > 0) throw badRequest(`The parameter ${name} is given twice.`)
    // A slice of the whole address, which would be kept for as long as the document is.
    return value === null ? null : Buffer.from(value).toString()
  }
  const json = (name: string) => {
    const text = one(name)
    return text === null || text === '' ? null : parseJson(text, `The parameter ${name}`)
  }
  return toParams({
    query: one('query'),
    operationName: one('operationName') || null,
    variables: json('variables'),
    extensions: json('extensions'),
    documentId: one('documentId'),
    id: one('id'),
  })
}

/** Of what was sent as JSON, over HTTP or in a message. */
export function toParams(given: Json): GraphqlParams {
  const { query = null, operationName = null, variables, extensions, documentId, id } = given
  if (query !== null && typeof query !== 'string') throw badRequest('query must be text.')
  if (operationName !== null && typeof operationName !== 'string')
    throw badRequest('operationName must be text.')
  return {
    query,
    operationName,
    variables: toObject('variables', variables),
    extensions: toObject('extensions', extensions),
    documentId,
    id,
  }
}

function toObject(name: string, value: unknown): Json {
  if (value === undefined || value === null) return {}
  if (!isObject(value)) throw badRequest(`${name} must be a JSON object.`)
  return value
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw badRequest(`${what} is not JSON.`)
  }
}

const badRequest = (message: string) => refuse(400, 'BAD_REQUEST', message)
