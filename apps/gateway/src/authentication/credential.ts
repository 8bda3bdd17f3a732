import { DomainError } from '@courtside/kernel'

/** What a request brings to say who sends it. Null: nothing, so nobody in particular. */
export type Credential = { kind: 'token'; token: string } | { kind: 'api-key'; key: string } | null

export type CredentialHeaders = Readonly<Record<'authorization' | 'x-api-key', string | undefined>>

const API_KEY_PREFIX = 'csn_live_'
const API_KEY = /^csn_live_[A-Za-z0-9_-]{8,200}$/

/** Refuses what is no credential at all: taken for none, it would turn a signed-in request into an anonymous one. */
export function credentialIn(headers: CredentialHeaders): Credential {
  const { authorization, 'x-api-key': apiKey } = headers
  if (authorization !== undefined && apiKey !== undefined) {
    throw badCredential('Send either Authorization or x-api-key, not both.')
  }
  if (apiKey !== undefined) return toApiKey(apiKey.trim())
  if (authorization === undefined) return null
  const [scheme, token, ...rest] = authorization.trim().split(/ +/)
  if (scheme?.toLowerCase() !== 'bearer' || !token || rest.length > 0) {
    throw badCredential('Send the credential as "Authorization: Bearer <token>".')
  }
  return token.startsWith(API_KEY_PREFIX) ? toApiKey(token) : { kind: 'token', token }
}

function toApiKey(key: string): Credential {
  if (!API_KEY.test(key))
    throw badCredential('This is not an API key of ours. Check that it was copied in full.')
  return { kind: 'api-key', key }
}

/** The credential is there and is not good. One sentence says why, and never what it was. */
export function badCredential(message: string, cause?: unknown): DomainError {
  return new DomainError({ kind: 'unauthenticated', code: 'UNAUTHENTICATED', message, cause })
}
