import { hkdfSync } from 'node:crypto'

/** What ACCOUNTS_SECRET protects. Each purpose has a key of its own, so that none says anything about another. */
export type SecretPurpose = 'signing-keys' | 'refresh-tokens' | 'sign-in-throttles'

export function keyFor(purpose: SecretPurpose, secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `courtside accounts ${purpose}`, 32))
}
