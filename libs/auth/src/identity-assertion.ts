import { type Clock, DomainError, systemClock } from '@courtside/kernel'
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'
import * as z from 'zod'
import type { Principal } from './principal.ts'
import { ROLES, SCOPES } from './roles.ts'

/** The header in which the gateway tells a subgraph who asks. Whatever a client sends under this name is dropped. */
export const IDENTITY_HEADER = 'x-courtside-identity'

const ISSUER = 'courtside-gateway'
const TYPE = 'courtside-identity+jwt'
const LIFETIME_SECONDS = 60
/** Signed again at half of the lifetime, so that an assertion in use always has the other half left. */
const REUSE_MS = (LIFETIME_SECONDS * 1000) / 2
const CLOCK_TOLERANCE_SECONDS = 5
const REMEMBERED = 10_000

export interface IdentityKeys {
  /** Held by the gateway alone. */
  privateKey: JWK
  /** Held by every subgraph: it can check an assertion, never make one. */
  publicKey: JWK
}

export async function generateIdentityKeys(): Promise<IdentityKeys> {
  const pair = await generateKeyPair('EdDSA', { extractable: true })
  return { privateKey: await exportJWK(pair.privateKey), publicKey: await exportJWK(pair.publicKey) }
}

export interface IdentitySigner {
  assertionFor(principal: Principal, audience: string): Promise<string>
  /** The one made before, without waiting; null when there is none that is fresh. */
  cachedAssertionFor(principal: Principal, audience: string): string | null
}

/** An assertion being signed, and its text once it is. */
interface Remembered {
  at: number
  assertion: Promise<string>
  text: string | null
}

/**
 * Signs who asks, for one subgraph and one minute. One signature a principal, subgraph and half minute, not one a
 * request: a signature costs about 80 µs, more than a whole compiled query.
 */
export async function createIdentitySigner(
  privateKey: JWK,
  clock: Clock = systemClock,
): Promise<IdentitySigner> {
  const key = await importKey(privateKey)
  const perPrincipal = new LRUCache<Principal, Map<string, Remembered>>({ max: REMEMBERED })
  const freshIn = (
    perAudience: ReadonlyMap<string, Remembered> | undefined,
    audience: string,
    now: number,
  ) => {
    const made = perAudience?.get(audience)
    return made && now - made.at < REUSE_MS && now >= made.at ? made : null
  }
  return {
    cachedAssertionFor(principal, audience) {
      return freshIn(perPrincipal.get(principal), audience, clock.now().getTime())?.text ?? null
    },
    assertionFor(principal, audience) {
      let perAudience = perPrincipal.get(principal)
      if (!perAudience) perPrincipal.set(principal, (perAudience = new Map()))
      const now = clock.now().getTime()
      const made = freshIn(perAudience, audience, now)
      if (made) return made.assertion
      const assertion = sign(key, principal, audience, Math.floor(now / 1000))
      const remembered: Remembered = { at: now, assertion, text: null }
      perAudience.set(audience, remembered)
      return assertion.then((text) => (remembered.text = text))
    },
  }
}

function sign(
  key: CryptoKey | Uint8Array,
  principal: Principal,
  audience: string,
  now: number,
): Promise<string> {
  return new SignJWT({ principal })
    .setProtectedHeader({ alg: 'EdDSA', typ: TYPE })
    .setIssuer(ISSUER)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + LIFETIME_SECONDS)
    .sign(key)
}

export interface IdentityVerifier {
  /** The principal of an assertion made for this subgraph; throws `UNAUTHENTICATED` for anything else. */
  verify(assertion: string | undefined): Promise<Principal>
  /** The principal of an assertion that was verified and has not expired; null when `verify` has to be asked. */
  verifiedBefore(assertion: string | undefined): Principal | null
}

const principalClaim = z.object({
  kind: z.enum(['anonymous', 'user', 'partner', 'service']),
  userId: z.string().nullable(),
  sessionId: z.string().nullable(),
  apiKeyId: z.string().nullable(),
  service: z.string().nullable(),
  roles: z.array(z.enum(ROLES)),
  scopes: z.array(z.enum(SCOPES)),
})

/** Checks assertions for `audience`. What was checked once is remembered until it expires. */
export async function createIdentityVerifier(
  publicKey: JWK,
  audience: string,
  clock: Clock = systemClock,
): Promise<IdentityVerifier> {
  const key = await importKey(publicKey)
  const checked = new LRUCache<string, { principal: Principal; expiresAt: number }>({ max: REMEMBERED })
  const verifiedBefore = (assertion: string | undefined) => {
    const known = assertion === undefined ? undefined : checked.get(assertion)
    return known && clock.now().getTime() < known.expiresAt ? known.principal : null
  }
  return {
    verifiedBefore,
    async verify(assertion) {
      if (!assertion) throw refused()
      const known = verifiedBefore(assertion)
      if (known) return known
      const now = clock.now()
      const { payload } = await jwtVerify(assertion, key, {
        algorithms: ['EdDSA'],
        issuer: ISSUER,
        audience,
        typ: TYPE,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'iat'],
        currentDate: now,
      }).catch((error: unknown) => {
        throw refused(error)
      })
      const principal = Object.freeze(principalClaim.parse(payload['principal']))
      checked.set(assertion, { principal, expiresAt: Number(payload.exp) * 1000 })
      return principal
    },
  }
}

function importKey(key: JWK): Promise<CryptoKey | Uint8Array> {
  return importJWK(key, 'EdDSA')
}

function refused(cause?: unknown): DomainError {
  return new DomainError({
    kind: 'unauthenticated',
    code: 'UNAUTHENTICATED',
    message: 'This service answers the gateway only. Send the request to the gateway.',
    cause,
  })
}
