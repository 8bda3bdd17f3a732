import { createHash, createHmac, randomBytes } from 'node:crypto'

const FAMILY_BYTES = 16
const SECRET_BYTES = 32
const FORM = /^[A-Za-z0-9_-]{64}$/

/**
 * A token is a family, which all tokens of a session share, and a secret of its own. A token with the right family and
 * a secret that is no longer known is an old one: so a copy is noticed however often it was used since, and no list of
 * old tokens has to be kept.
 */
export function createRefreshToken(): string {
  return randomBytes(FAMILY_BYTES + SECRET_BYTES).toString('base64url')
}

/**
 * The token that follows `token`. It is computed, not drawn: whoever refreshes twice with the same token, because an
 * answer was lost or two tabs were quick, gets the same successor twice, and no tab is left with a dead one. Without
 * the key its secret is as unpredictable as a random one.
 */
export function nextRefreshToken(token: string, key: Uint8Array): string {
  const secret = createHmac('sha256', key).update(token).digest()
  return Buffer.concat([familyOf(token), secret]).toString('base64url')
}

/**
 * The id of the session that a token belongs to. It is a hash of the family, so that whoever reads the id, in an access
 * token or in a log, cannot make up an old token and end the session with it.
 */
export function sessionIdOf(token: string): string {
  const bytes = createHash('sha256').update(familyOf(token)).digest().subarray(0, 16)
  // A UUID of version 8: its bits mean what its maker wants.
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** All that is stored. With 256 random bits there is nothing a slow hash could add. */
export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

export function isRefreshToken(text: string): boolean {
  return FORM.test(text)
}

const familyOf = (token: string) => Buffer.from(token, 'base64url').subarray(0, FAMILY_BYTES)
