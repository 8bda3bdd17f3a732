import { timingSafeEqual } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import { isScope, type Scope, SCOPES } from '@courtside/auth'
import type { ApiKey } from './api-key.ts'

/** No key gives power over accounts, shows who did what, or says who somebody is: keys leak. */
export const GRANTABLE_SCOPES: readonly Scope[] = SCOPES.filter(
  (scope) => !scope.startsWith('manage:') && scope !== 'resolve:identity' && scope !== 'read:audit',
)

export function isGrantableScope(text: string): text is Scope {
  return isScope(text) && GRANTABLE_SCOPES.includes(text)
}

/** The hashes of a key's secrets: the current one, and the one before as long as it overlaps. */
export interface KeySecrets {
  secretHash: Uint8Array
  previousSecretHash: Uint8Array | null
  previousValidUntil: Date | null
}

export function isRightSecret(presented: Uint8Array, secrets: KeySecrets, now: Date): boolean {
  const { secretHash, previousSecretHash, previousValidUntil } = secrets
  if (timingSafeEqual(presented, secretHash)) return true
  if (previousSecretHash === null || previousValidUntil === null || previousValidUntil <= now) return false
  return timingSafeEqual(presented, previousSecretHash)
}

export function isKeyInForce(key: Pick<ApiKey, 'revokedAt' | 'expiresAt'>, now: Date): boolean {
  return key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now)
}

/** The SHA-256 of a document: whoever may send it may send nothing else under its name. */
export function isOperationId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

/** A key is looked up each second that it is used, with all of them. */
export const MOST_OPERATIONS = 250

/** An address, or a block in CIDR notation. */
export function isAddressBlock(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0 || address.includes('%')) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

export function isAddressAllowed(allowed: readonly string[], address: string | null): boolean {
  if (allowed.length === 0) return true
  if (address === null) return false
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  const family = isIP(plain)
  if (family === 0) return false
  const list = new BlockList()
  for (const block of allowed) {
    const [network = '', bits] = block.split('/')
    const type = isIP(network) === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(network, type)
    else list.addSubnet(network, Number(bits), type)
  }
  return list.check(plain, family === 4 ? 'ipv4' : 'ipv6')
}

const HOUR_SECONDS = 60 * 60
export const DEFAULT_OVERLAP_SECONDS = 24 * HOUR_SECONDS
export const LONGEST_OVERLAP_SECONDS = 7 * 24 * HOUR_SECONDS
