import { createHash, createHmac, randomBytes } from 'node:crypto'

const TOKEN_BYTES = 32
const FORM = /^[A-Za-z0-9_-]{43}$/

export function createRefreshToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

/**
 * The token that follows `token`. It is computed, not drawn: whoever refreshes twice with the same token, because an
 * answer was lost or two tabs were quick, gets the same successor twice, and no tab is left with a dead one. Without
 * the key it is as unpredictable as a random one.
 */
export function nextRefreshToken(token: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(token).digest('base64url')
}

/** All that is stored. With 256 random bits there is nothing a slow hash could add. */
export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

export function isRefreshToken(text: string): boolean {
  return FORM.test(text)
}
