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

export interface AuthenticationRequest {
  headers: CredentialHeaders
  clientAddress: string
  requestId: string
}

/** Who opens a connection, and what there is to know to see later whether they still may hold it. */
export interface Examined {
  readonly authenticated: Authenticated
  /** What accounts is asked about it again; null for the anonymous caller. */
  readonly lookup: CredentialLookup | null
  /** In milliseconds since 1970; null for what does not expire by itself. */
  readonly expiresAt: number | null
}

/** Says who sends a request, whatever it is sent over. */
export interface Authentication {
  /** Throws `UNAUTHENTICATED`, `RATE_LIMITED` or `UNAVAILABLE`. No credential is the anonymous caller. */
  authenticate(request: AuthenticationRequest): Promise<Authenticated>
  /** The same for a connection, which stays. */
  examine(request: AuthenticationRequest): Promise<Examined>
  /** What accounts says of a credential now, whatever it said before. Null: it does not count any more. */
  examineAgain(lookup: CredentialLookup, requestId: string): Promise<Authenticated | null>
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

const stranger: Examined = { authenticated: nobody, lookup: null, expiresAt: null }

/** Why a credential that reads well does not count, or not any more. */
export function noLongerGood(lookup: CredentialLookup): DomainError {
  return badCredential(
    'apiKey' in lookup
      ? 'This API key is not valid: it is unknown, expired, revoked, or not for this address.'
      : 'This session has ended. Sign in again.',
  )
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

  const lookUp = async (
    credential: NonNullable<Credential>,
    clientAddress: string,
  ): Promise<{ lookup: CredentialLookup; expiresAt: number | null }> => {
    if (credential.kind === 'api-key') {
      return { lookup: { apiKey: { key: credential.key, clientAddress } }, expiresAt: null }
    }
    const { identity: lookup, expires } = await tokens.verify(credential.token)
    return { lookup, expiresAt: expires * SECOND }
  }

  const identify = async (
    credential: NonNullable<Credential>,
    clientAddress: string,
    requestId: string,
  ): Promise<Examined> => {
    const { lookup, expiresAt } = await lookUp(credential, clientAddress)
    const authenticated = await principals.find(lookup, requestId)
    if (authenticated) return { authenticated, lookup, expiresAt }
    throw noLongerGood(lookup)
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

  const examine = async ({ headers, clientAddress, requestId }: AuthenticationRequest): Promise<Examined> => {
    let method: AuthenticationMethod = 'none'
    try {
      const credential = credentialIn(headers)
      if (!credential) {
        onOutcome(method, 'accepted')
        return stranger
      }
      method = credential.kind
      // Bad tokens are found out here; bad keys cost accounts a look-up each.
      if (method === 'api-key') await assertNotGuessing(method, clientAddress, 0)
      const examined = await identify(credential, clientAddress, requestId)
      onOutcome(method, 'accepted')
      return examined
    } catch (error) {
      onOutcome(method, isDomainError(error) && error.kind !== 'unavailable' ? 'refused' : 'unavailable')
      if (isDomainError(error) && error.kind === 'unauthenticated') {
        await assertNotGuessing(method, clientAddress, 1)
      }
      throw error
    }
  }

  return {
    authenticate: async (request) => (await examine(request)).authenticated,
    examine,
    examineAgain: (lookup, requestId) => principals.findAnew(lookup, requestId),
    publicKeys: () => ownKeys.all(),
  }
}
