import type { SubgraphAnswer } from '@courtside/federation'
import type { EventMark } from '@courtside/subgraph'
import type { UpstreamEvent } from '../event-receiver.ts'
import type { TransportRequest } from '../subgraph-transport.ts'
import { isSubgraphAnswer } from './graphql-response.ts'
import { toRequestBody } from './request-body.ts'

/** What a subgraph may say on a socket, as far as it concerns us. */
export type SocketMessage =
  | { readonly type: 'ack' | 'ping' | 'pong' }
  | { readonly type: 'next'; readonly id: string; readonly event: UpstreamEvent | null }
  | { readonly type: 'error'; readonly id: string; readonly errors: NonNullable<SubgraphAnswer['errors']> }
  | { readonly type: 'complete'; readonly id: string }

/** Null for what is no message of the protocol. An event of the wrong shape is null: it concerns one subscription only. */
export function readMessage(text: string): SocketMessage | null {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return null
  }
  if (!isObject(message)) return null
  const { type, id, payload } = message
  if (type === 'connection_ack') return { type: 'ack' }
  if (type === 'ping' || type === 'pong') return { type }
  if (typeof id !== 'string') return null
  switch (type) {
    case 'next':
      return { type, id, event: toEvent(payload) }
    case 'error':
      return { type, id, errors: toErrors(payload) }
    case 'complete':
      return { type, id }
    default:
      return null
  }
}

/** With the headers that a request over HTTP would have. */
export function subscribeMessage(id: string, { fetch, headers }: TransportRequest): string {
  const payload = `${toRequestBody(fetch).slice(0, -1)},"extensions":${JSON.stringify({ headers })}}`
  return `{"id":"${id}","type":"subscribe","payload":${payload}}`
}

export const completeMessage = (id: string): string => `{"id":"${id}","type":"complete"}`

function toEvent(payload: unknown): UpstreamEvent | null {
  if (!isObject(payload)) return null
  const { extensions, ...answer } = payload
  if (!isSubgraphAnswer(answer)) return null
  const mark = isObject(extensions) ? extensions['mark'] : undefined
  if (mark === undefined) return { ...answer, mark: null }
  return isMark(mark) ? { ...answer, mark } : null
}

function isMark(value: unknown): value is EventMark {
  if (!isObject(value)) return false
  const { kind, key, cursor, epoch, seq, snapshot } = value
  if (kind === 'key') return typeof key === 'string'
  return (
    kind === 'place' &&
    typeof cursor === 'string' &&
    typeof epoch === 'number' &&
    typeof seq === 'number' &&
    typeof snapshot === 'boolean'
  )
}

/** An end that says nothing that can be read counts as a fault of the subgraph. */
function toErrors(payload: unknown): NonNullable<SubgraphAnswer['errors']> {
  const answer = { errors: payload }
  if (isSubgraphAnswer(answer)) return answer.errors ?? UNREADABLE
  return UNREADABLE
}

const UNREADABLE = [
  { message: 'Its errors cannot be read', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
] as const

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
