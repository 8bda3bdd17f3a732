import { createHash, randomBytes } from 'node:crypto'

const PREFIX = 'csn_live_'
const SECRET_BYTES = 32
const FORM = /^csn_live_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/

/** The beginning of a key, by which people and scanners of leaked secrets recognise it. */
export function keyPrefix(id: string): string {
  return `${PREFIX}${id.replaceAll('-', '')}_`
}

export function createKeySecret(): { secret: string; secretHash: Buffer } {
  const secret = randomBytes(SECRET_BYTES).toString('base64url')
  return { secret, secretHash: hashOfSecret(secret) }
}

/** A slow hash would add nothing to 256 random bits, and a key is checked at every request. */
export function hashOfSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

export function parseKey(text: string): { id: string; secret: string } | null {
  const [, hex, secret] = FORM.exec(text) ?? []
  if (hex === undefined || secret === undefined) return null
  return { id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), secret }
}
