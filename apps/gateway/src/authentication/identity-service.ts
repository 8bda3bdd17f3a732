import { isRole, isScope, type Principal, servicePrincipal } from '@courtside/auth'
import type { FetchRequest } from '@courtside/federation'
import { DomainError } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import type { JWK } from 'jose'
import * as z from 'zod'
import { type SubgraphCaller, toFetchRequest } from '../transports/index.ts'
import type { TokenIdentity } from './token-verifier.ts'

/** The subgraph that knows who everybody is. */
export const IDENTITY_SUBGRAPH = 'accounts'

/** What accounts is asked about. Exactly one of the three. */
export type CredentialLookup = TokenIdentity | { apiKey: { key: string; clientAddress: string | null } }

/** Whom a credential belongs to. */
export interface Identified {
  principal: Principal
  /** How often a partner's key may be used; null for the default. */
  requestsPerMinute: number | null
  /** What the operations of a partner's key may cost in a minute; null for the default. */
  costPerMinute: number | null
  /** The documents that a partner's key is bound to, by their SHA-256; null for all. */
  allowedOperations: readonly string[] | null
}

export interface IdentityService {
  /** Null: the credential is not valid, or no longer. Throws `UNAVAILABLE` when accounts does not answer. */
  resolve(lookup: CredentialLookup, requestId: string): Promise<Identified | null>
  /** The public keys with which accounts signs. */
  signingKeys(): Promise<readonly JWK[]>
}

/** The gateway itself is who asks: no caller holds this scope. */
export const gatewayItself = servicePrincipal('gateway', ['resolve:identity'])

const RESOLVE = toFetchRequest({
  query: `query ResolveCredential($input: CredentialInput!) {
  resolveCredential(input: $input) { kind userId sessionId apiKeyId roles scopes requestsPerMinute costPerMinute allowedOperations }
}`,
})
const SIGNING_KEYS = toFetchRequest({ query: 'query SigningKeys { signingKeys }' })

const resolved = z.object({
  kind: z.enum(['user', 'partner']),
  userId: z.string().nullable(),
  sessionId: z.string().nullable(),
  apiKeyId: z.string().nullable(),
  roles: z.array(z.string()),
  scopes: z.array(z.string()),
  requestsPerMinute: z.number().nullable(),
  costPerMinute: z.number().nullable(),
  allowedOperations: z.array(z.string()).nullable(),
})

const signingKeys = z.array(z.string()).transform((texts) => texts.map((text) => JSON.parse(text) as JWK))

export function createIdentityService(calls: SubgraphCaller, log: Logger): IdentityService {
  /**
   * Several requests may wait for one answer, so neither the deadline nor the leaving of one of them ends it: it has the
   * deadline of each call. With a shorter one being late would prove nothing to the circuit breaker, and while accounts
   * hangs every request would wait for it anew.
   */
  const ask = async (field: string, request: FetchRequest, requestId: string) => {
    const caller = {
      principal: gatewayItself,
      requestId,
      clientAddress: null,
      clientAgent: null,
      log,
      cancellation: null,
    }
    const { data, errors } = await calls.call(IDENTITY_SUBGRAPH, request, caller)
    if (errors && errors.length > 0) {
      throw new Error(
        `${IDENTITY_SUBGRAPH} answers ${field} with: ${errors.map((error) => error.message).join('; ')}`,
      )
    }
    return data?.[field]
  }
  return {
    async resolve(lookup, requestId) {
      const input = { session: null, external: null, apiKey: null, ...lookup }
      try {
        const answer = await ask('resolveCredential', { ...RESOLVE, variables: { input } }, requestId)
        return answer === null ? null : toIdentified(resolved.parse(answer))
      } catch (error) {
        log.error({ err: error, 'request.id': requestId }, 'A credential cannot be resolved')
        throw new DomainError({
          kind: 'unavailable',
          code: 'UNAVAILABLE',
          message: 'Your sign-in cannot be checked at the moment. Try again shortly.',
          cause: error,
        })
      }
    },
    async signingKeys() {
      return signingKeys.parse(await ask('signingKeys', SIGNING_KEYS, 'signing-keys'))
    },
  }
}

/** What this gateway does not know yet it cannot enforce, so an unknown role or scope gives nothing. */
function toIdentified(found: z.output<typeof resolved>): Identified {
  const { requestsPerMinute, costPerMinute, allowedOperations, ...who } = found
  const principal: Principal = Object.freeze({
    ...who,
    service: null,
    roles: who.roles.filter(isRole),
    scopes: who.scopes.filter(isScope),
  })
  return { principal, requestsPerMinute, costPerMinute, allowedOperations }
}
