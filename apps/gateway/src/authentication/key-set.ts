import { type Clock, DomainError } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import { type CryptoKey, importJWK, type JWK } from 'jose'

/** A key that may verify a token, and the one algorithm it may do so with. */
export interface VerificationKey {
  algorithm: string
  key: CryptoKey
}

/** The public keys of one issuer, kept for as long as they are good. */
export interface KeySet {
  /** The key of that name; null when the issuer has none. Throws `UNAVAILABLE` when the issuer cannot say. */
  find(kid: string): Promise<VerificationKey | null>
  /** All keys as the issuer publishes them. */
  all(): Promise<readonly JWK[]>
}

export interface KeySetOptions {
  issuer: string
  fetchKeys(): Promise<readonly JWK[]>
  clock: Clock
  log: Logger
  /** The keys are asked for anew when they are this old. Default: an hour. */
  freshMs?: number
  /** While the issuer does not answer, keys serve until they are this old. Default: a day. */
  staleMs?: number
  /** The issuer is asked at most this often, whatever names tokens bear. Default: a minute. */
  askEveryMs?: number
}

const MINUTE = 60_000
/** Without any keys nobody can sign in, so the issuer is asked again sooner. */
const RETRY_MS = 5_000

export function createKeySet(options: KeySetOptions): KeySet {
  const { issuer, fetchKeys, clock, log } = options
  const { freshMs = 60 * MINUTE, staleMs = 24 * 60 * MINUTE, askEveryMs = MINUTE } = options
  let published: readonly JWK[] = []
  let keys: ReadonlyMap<string, VerificationKey> | null = null
  let fetchedAt = 0
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | null = null

  const now = () => clock.now().getTime()

  const ask = async () => {
    try {
      const fetched = await fetchKeys()
      keys = await importKeys(fetched, issuer, log)
      published = fetched
      fetchedAt = now()
    } catch (error) {
      log.warn({ err: error, issuer }, 'The signing keys of an issuer cannot be fetched')
    } finally {
      asking = null
    }
  }
  /** One question at a time and no more often than allowed; joins the one under way. */
  const askIfAllowed = async () => {
    if (asking) return asking
    if (now() - askedAt < (keys ? askEveryMs : RETRY_MS)) return
    askedAt = now()
    asking = ask()
    return asking
  }
  const usable = async (): Promise<ReadonlyMap<string, VerificationKey>> => {
    const age = now() - fetchedAt
    if (keys && age < freshMs) return keys
    const asked = askIfAllowed()
    // Old keys serve while new ones are on their way, so that no request waits for a slow issuer.
    if (keys && age < staleMs) return keys
    await asked
    if (keys && now() - fetchedAt < staleMs) return keys
    throw unavailable(issuer)
  }

  return {
    async find(kid) {
      const known = (await usable()).get(kid)
      if (known) return known
      await askIfAllowed()
      return keys?.get(kid) ?? null
    },
    async all() {
      await usable()
      return published
    },
  }
}

/** Keys that cannot verify a signature here are left out: symmetric ones above all, whose secret would be public. */
async function importKeys(
  fetched: readonly JWK[],
  issuer: string,
  log: Logger,
): Promise<ReadonlyMap<string, VerificationKey>> {
  const keys = new Map<string, VerificationKey>()
  for (const jwk of fetched) {
    const algorithm = algorithmOf(jwk)
    if (!algorithm || typeof jwk.kid !== 'string' || keys.has(jwk.kid)) continue
    try {
      const key = await importJWK(jwk, algorithm)
      if (!(key instanceof Uint8Array)) keys.set(jwk.kid, { algorithm, key })
    } catch (error) {
      log.warn({ err: error, issuer, kid: jwk.kid }, 'A signing key of an issuer cannot be used')
    }
  }
  return keys
}

/** The allow-list. The key decides, never the token: else the token could choose how it is checked. */
function algorithmOf({ kty, crv, use, alg }: JWK): 'RS256' | 'ES256' | 'EdDSA' | null {
  if (use !== undefined && use !== 'sig') return null
  const algorithm =
    kty === 'RSA'
      ? 'RS256'
      : kty === 'EC' && crv === 'P-256'
        ? 'ES256'
        : kty === 'OKP' && crv === 'Ed25519'
          ? 'EdDSA'
          : null
  // Newer libraries name the algorithm of such a key Ed25519.
  const named = alg === 'Ed25519' ? 'EdDSA' : alg
  return algorithm !== null && (named === undefined || named === algorithm) ? algorithm : null
}

function unavailable(issuer: string): DomainError {
  return new DomainError({
    kind: 'unavailable',
    code: 'UNAVAILABLE',
    message: 'Your sign-in cannot be checked at the moment. Try again shortly.',
    cause: new Error(`There are no usable signing keys of ${issuer}`),
  })
}
