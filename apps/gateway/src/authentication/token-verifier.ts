import { hash } from 'node:crypto'
import { type Clock, isUuid } from '@courtside/kernel'
import { type CryptoKey, decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import { isCleanText } from '../limits/index.ts'
import { badCredential } from './credential.ts'
import type { KeySet } from './key-set.ts'

/** What a checked token says, in the words in which accounts is asked about it. */
export type TokenIdentity =
  | { session: { userId: string; sessionId: string } }
  | {
      external: {
        issuer: string
        subject: string
        sessionId: string | null
        email: string | null
        name: string | null
        avatarUrl: string | null
      }
    }

export interface TokenIssuer {
  /** Exactly the `iss` of its tokens. */
  issuer: string
  keys: KeySet
  /** Default: not checked. */
  audiences?: readonly string[] | undefined
  /** The clients (`azp`) whose tokens are taken. Default: not checked. */
  authorizedParties?: readonly string[] | undefined
  /** Exactly the `typ` of its tokens. Default: not checked. */
  type?: string
  identityOf(claims: JWTPayload & { sub: string }): TokenIdentity
}

/** Two machines' clocks differ by less. */
const CLOCK_TOLERANCE_SECONDS = 5

/** A token that is good. */
export interface VerifiedToken {
  readonly identity: TokenIdentity
  /** `exp`, in seconds since 1970. */
  readonly expires: number
}

export interface TokenVerifier {
  /** Throws `UNAUTHENTICATED` with the reason, or `UNAVAILABLE` when the issuer's keys cannot be had. */
  verify(token: string): Promise<VerifiedToken>
}

/** A token that was good, and what must stay so for it to be good still. */
interface Checked extends VerifiedToken {
  issuer: TokenIssuer
  kid: string
  key: CryptoKey
  checkedAt: number
}

const REMEMBERED = 20_000

/**
 * To check a signature takes 90 µs, more than all else that a request needs here. So a token is checked once for as
 * long as it has not expired and its issuer still publishes the very key.
 */
export function createTokenVerifier(issuers: readonly TokenIssuer[], clock: Clock): TokenVerifier {
  const byIssuer = new Map(issuers.map((issuer) => [issuer.issuer, issuer]))
  const checked = new LRUCache<string, Checked>({ max: REMEMBERED })

  const isStillGood = async ({ issuer, kid, key, checkedAt, expires }: Checked) => {
    const now = clock.now().getTime()
    if (now < checkedAt || Math.floor(now / 1000) >= expires + CLOCK_TOLERANCE_SECONDS) return false
    return (await issuer.keys.find(kid))?.key === key
  }

  return {
    async verify(token) {
      // A dump of this process's memory must not hold tokens that work.
      const name = hash('sha256', token, 'base64')
      const known = checked.get(name)
      if (known && (await isStillGood(known))) return known
      const { kid, claimedIssuer } = peek(token)
      const issuer = byIssuer.get(claimedIssuer)
      if (!issuer) throw badCredential('The token comes from an issuer that is not accepted here.')
      const found = await issuer.keys.find(kid)
      if (!found) throw badCredential('The token is signed with a key that its issuer does not publish.')
      const now = clock.now()
      const checkedAt = now.getTime()
      const { payload } = await jwtVerify(token, found.key, {
        algorithms: [found.algorithm],
        issuer: issuer.issuer,
        ...(issuer.audiences && { audience: [...issuer.audiences] }),
        ...(issuer.type && { typ: issuer.type }),
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'sub'],
        currentDate: now,
      }).catch((error: unknown) => {
        throw badCredential(reasonOf(error), error)
      })
      const { sub, azp } = payload
      if (typeof sub !== 'string' || sub === '' || sub.length > 255 || !isCleanText(sub)) {
        throw badCredential('The token has no usable subject.')
      }
      if (issuer.authorizedParties && !(typeof azp === 'string' && issuer.authorizedParties.includes(azp))) {
        throw badCredential('The token was made for another application.')
      }
      const identity = issuer.identityOf({ ...payload, sub })
      const { key } = found
      const verified: Checked = { identity, issuer, kid, key, checkedAt, expires: payload.exp ?? 0 }
      checked.set(name, verified)
      return verified
    },
  }
}

/** Which key to ask for. Nothing read here is believed until the signature has been checked. */
function peek(token: string): { kid: string; claimedIssuer: string } {
  try {
    const { kid } = decodeProtectedHeader(token)
    const { iss } = decodeJwt(token)
    if (typeof kid === 'string' && kid.length <= 200 && typeof iss === 'string')
      return { kid, claimedIssuer: iss }
  } catch (error) {
    throw badCredential('The credential is not a token that can be read.', error)
  }
  throw badCredential('The token does not say who signed it.')
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired. Refresh it and try again.'
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf') return 'The token is not valid yet.'
    if (error.claim === 'aud') return 'The token was made for another service.'
    return `The ${error.claim} of the token is not accepted here.`
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return 'The token is signed in a way that is not accepted here.'
  return 'The signature of the token is not valid.'
}

/** What tokens of our own accounts say. */
export function ownIdentity(claims: JWTPayload & { sub: string }): TokenIdentity {
  const { sub, sid } = claims
  if (!isUuid(sub) || typeof sid !== 'string' || !isUuid(sid)) {
    throw badCredential('The token does not name a session.')
  }
  return { session: { userId: sub, sessionId: sid } }
}

/** What an OpenID Connect token says of a person; Clerk's names for it are among these. */
export function externalIdentity(issuer: string) {
  return (claims: JWTPayload & { sub: string }): TokenIdentity => {
    const text = (name: string, longest: number) => {
      const value = claims[name]
      const usable =
        typeof value === 'string' && value !== '' && value.length <= longest && isCleanText(value)
      return usable ? value : null
    }
    return {
      external: {
        issuer,
        subject: claims.sub,
        sessionId: text('sid', 255),
        // An address that the issuer has not verified may be anybody's.
        email: claims['email_verified'] === true ? text('email', 254) : null,
        name: text('name', 200),
        avatarUrl: toHttpUrl(text('picture', 2_000) ?? text('image_url', 2_000)),
      },
    }
  }
}

function toHttpUrl(text: string | null): string | null {
  return text !== null && /^https?:\/\//.test(text) && URL.canParse(text) ? text : null
}
