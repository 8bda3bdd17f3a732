import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { IDENTITY_HEADER, type IdentityVerifier, type Principal } from '@courtside/auth'
import { createLazyLogger, type Logger } from '@courtside/logger'

/** The gateway tells a subgraph about the request in these headers, beside the identity assertion. */
export const REQUEST_ID_HEADER = 'x-request-id'
export const CLIENT_ADDRESS_HEADER = 'x-courtside-client-address'
export const CLIENT_AGENT_HEADER = 'x-courtside-client-agent'
/** Until when somebody waits for the answer, in milliseconds since 1970. */
export const DEADLINE_HEADER = 'x-deadline'

/** What every resolver knows of the request it serves. */
export interface RequestContext {
  principal: Principal
  requestId: string
  /** The address of the client as the gateway saw it. */
  clientAddress: string | null
  clientAgent: string | null
  /** Where the gateway traces the request: the span of its call. */
  traceparent?: string | undefined
  /** When nobody waits for the answer any more, in milliseconds since 1970. */
  deadline: number | null
  /** Carries the request id and the principal. */
  log: Logger
}

export type RequestHeaders = Readonly<Pick<IncomingHttpHeaders, string>>

/** Believes nothing but a valid assertion of the gateway; throws `UNAUTHENTICATED` without one. */
export function principalOf(
  headers: RequestHeaders,
  identity: IdentityVerifier,
): Principal | Promise<Principal> {
  const assertion = textOf(headers, IDENTITY_HEADER)
  return identity.verifiedBefore(assertion) ?? identity.verify(assertion)
}

export function toRequestContext(headers: RequestHeaders, principal: Principal, log: Logger): RequestContext {
  const requestId = textOf(headers, REQUEST_ID_HEADER) ?? randomUUID()
  const deadline = Number(textOf(headers, DEADLINE_HEADER) ?? NaN)
  return {
    principal,
    requestId,
    clientAddress: textOf(headers, CLIENT_ADDRESS_HEADER) ?? null,
    traceparent: textOf(headers, 'traceparent'),
    clientAgent: textOf(headers, CLIENT_AGENT_HEADER)?.slice(0, 500) ?? null,
    deadline: Number.isFinite(deadline) ? deadline : null,
    log: createLazyLogger(log, {
      'request.id': requestId,
      'principal.kind': principal.kind,
      'user.id': principal.userId,
    }),
  }
}

function textOf(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}
