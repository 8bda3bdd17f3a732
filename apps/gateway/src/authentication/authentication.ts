import { anonymous } from '@courtside/auth'
import { type Clock, DomainError, isDomainError } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import type { JWK } from 'jose'
import { addressKey, type RateLimiter } from '../limits/index.ts'
import type { AuthenticationMethod, AuthenticationOutcome } from '../observability/index.ts'
import { badCredential, type Credential, credentialIn, type CredentialHeaders } from './credential.ts'
import type { CredentialLookup, Identified, IdentityService } from './identity-service.ts'
import { fetchJwks } from './jwks-endpoint.ts'
import { createKeySet } from './key-set.ts'
import { createPrincipalCache } from './principal-cache.ts'
import { createTokenVerifier, externalIdentity, ownIdentity, type TokenIssuer } from './token-verifier.ts'

/** An issuer of tokens beside our own accounts, for example Clerk. */
export interface ExternalIssuer {
  /** Exactly the `iss` of its tokens. */
  issuer: string
  jwksUrl: string
  /** Default: `aud` is not checked. */
  audiences?: readonly string[] | undefined
  /** Default: `azp` is not checked. */
  authorizedParties?: readonly string[] | undefined
}

/** Who sends a request, and what they may ask for. */
export type Authenticated = Identified

/** Says who sends a request, whatever it is sent over. */
export interface Authentication {
  /** Throws `UNAUTHENTICATED`, `RATE_LIMITED` or `UNAVAILABLE`. No credential is the anonymous caller. */
  authenticate(request: {
    headers: CredentialHeaders
    clientAddress: string
    requestId: string
  }): Promise<Authenticated>
  /** The public keys of our own tokens, for others to check them with. */
  publicKeys(): Promise<readonly JWK[]>
}

export interface AuthenticationOptions {
  identity: IdentityService
  externalIssuers: readonly ExternalIssuer[]
  rateLimiter: RateLimiter
  /** How many credentials of one address may be refused in a minute before the next is not even looked at. */
  refusedCredentialsPerMinute: number
  clock: Clock
  log: Logger
  onOutcome(method: AuthenticationMethod, outcome: AuthenticationOutcome): void
}

const nobody: Authenticated = {
  principal: anonymous,
  requestsPerMinute: null,
  costPerMinute: null,
  allowedOperations: null,
}

const OWN_ISSUER = 'courtside'
const SECOND = 1_000

export function createAuthentication(options: AuthenticationOptions): Authentication {
  const { identity, rateLimiter, refusedCredentialsPerMinute, clock, log, onOutcome } = options
  const ownKeys = createKeySet({
    issuer: OWN_ISSUER,
    fetchKeys: () => identity.signingKeys(),
    clock,
    log,
    // Accounts is near, and a new or withdrawn key of its own must count soon.
    freshMs: 60 * SECOND,
    askEveryMs: 5 * SECOND,
  })
  const own: TokenIssuer = {
    issuer: OWN_ISSUER,
    keys: ownKeys,
    audiences: ['courtside'],
    type: 'at+jwt',
    identityOf: ownIdentity,
  }
  const external = options.externalIssuers.map(({ issuer, jwksUrl, audiences, authorizedParties }) => ({
    issuer,
    keys: createKeySet({ issuer, fetchKeys: () => fetchJwks(jwksUrl), clock, log }),
    audiences,
    authorizedParties,
    identityOf: externalIdentity(issuer),
  }))
  const tokens = createTokenVerifier([own, ...external], clock)
  const principals = createPrincipalCache(identity, clock)

  const lookupOf = async (
    credential: NonNullable<Credential>,
    clientAddress: string,
  ): Promise<CredentialLookup> =>
    credential.kind === 'token'
      ? tokens.verify(credential.token)
      : { apiKey: { key: credential.key, clientAddress } }

  const identify = async (
    credential: NonNullable<Credential>,
    clientAddress: string,
    requestId: string,
  ): Promise<Identified> => {
    const found = await principals.find(await lookupOf(credential, clientAddress), requestId)
    if (found) return found
    throw badCredential(
      credential.kind === 'token'
        ? 'This session has ended. Sign in again.'
        : 'This API key is not valid: it is unknown, expired, revoked, or not for this address.',
    )
  }

  const assertNotGuessing = async (method: AuthenticationMethod, address: string, cost: number) => {
    const key = `refused:${method}:${addressKey(address)}`
    const taken = await rateLimiter.take(key, refusedCredentialsPerMinute, cost)
    if (taken.allowed) return
    throw new DomainError({
      kind: 'limited',
      code: 'RATE_LIMITED',
      message: 'Too many bad credentials came from your address. Wait, then send a good one.',
      details: { limit: refusedCredentialsPerMinute, retryAfterSeconds: taken.retryAfterSeconds },
    })
  }

  return {
    async authenticate({ headers, clientAddress, requestId }) {
      let method: AuthenticationMethod = 'none'
      try {
        const credential = credentialIn(headers)
        if (!credential) {
          onOutcome(method, 'accepted')
          return nobody
        }
        method = credential.kind
        // Bad tokens are found out here; bad keys cost accounts a look-up each.
        if (method === 'api-key') await assertNotGuessing(method, clientAddress, 0)
        const identified = await identify(credential, clientAddress, requestId)
        onOutcome(method, 'accepted')
        return identified
      } catch (error) {
        onOutcome(method, isDomainError(error) && error.kind !== 'unavailable' ? 'refused' : 'unavailable')
        if (isDomainError(error) && error.kind === 'unauthenticated') {
          await assertNotGuessing(method, clientAddress, 1)
        }
        throw error
      }
    },
    publicKeys: () => ownKeys.all(),
  }
}
