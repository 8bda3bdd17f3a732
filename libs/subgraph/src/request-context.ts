import { randomUUID } from 'node:crypto'
import { IDENTITY_HEADER, type IdentityVerifier, type Principal } from '@courtside/auth'
import type { Logger } from '@courtside/logger'

/** The gateway tells a subgraph about the request in these headers, beside the identity assertion. */
export const REQUEST_ID_HEADER = 'x-request-id'
export const CLIENT_ADDRESS_HEADER = 'x-courtside-client-address'
export const CLIENT_AGENT_HEADER = 'x-courtside-client-agent'

/** What every resolver knows of the request it serves. */
export interface RequestContext {
  principal: Principal
  requestId: string
  /** The address of the client as the gateway saw it. */
  clientAddress: string | null
  clientAgent: string | null
  /** Carries the request id and the principal. */
  log: Logger
}

/** Believes nothing but a valid assertion of the gateway; throws `UNAUTHENTICATED` without one. */
export async function toRequestContext(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  identity: IdentityVerifier,
  log: Logger,
): Promise<RequestContext> {
  const one = (name: string) => {
    const value = headers[name]
    return typeof value === 'string' ? value : undefined
  }
  const principal = await identity.verify(one(IDENTITY_HEADER))
  const requestId = one(REQUEST_ID_HEADER) ?? randomUUID()
  return {
    principal,
    requestId,
    clientAddress: one(CLIENT_ADDRESS_HEADER) ?? null,
    clientAgent: one(CLIENT_AGENT_HEADER)?.slice(0, 500) ?? null,
    log: log.child({
      'request.id': requestId,
      'principal.kind': principal.kind,
      'user.id': principal.userId,
    }),
  }
}
