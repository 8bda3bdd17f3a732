import { IDENTITY_HEADER } from '@courtside/auth'
import {
  CLIENT_ADDRESS_HEADER,
  CLIENT_AGENT_HEADER,
  DEADLINE_HEADER,
  REQUEST_ID_HEADER,
} from '@courtside/subgraph'
import type { Span } from '@courtside/telemetry'
import type { Caller } from './caller.ts'

/** What goes with every operation that a subgraph is sent. */
export function callHeaders(
  caller: Caller,
  identity: string,
  remainingMs: number,
  span: Span | null,
): Record<string, string> {
  const headers: Record<string, string> = {
    [IDENTITY_HEADER]: identity,
    [REQUEST_ID_HEADER]: caller.requestId,
    [DEADLINE_HEADER]: String(Math.floor(Date.now() + remainingMs)),
  }
  if (caller.clientAddress !== null) headers[CLIENT_ADDRESS_HEADER] = caller.clientAddress
  if (caller.clientAgent !== null) headers[CLIENT_AGENT_HEADER] = caller.clientAgent
  if (span !== null) headers['traceparent'] = span.traceparent()
  return headers
}
