import type { Scope } from '@courtside/auth'

/** A partner's key, without its secret: that is told once and never stored. */
export interface ApiKey {
  id: string
  /** The account that answers for it; the key never acts as this person. */
  ownerId: string
  name: string
  scopes: readonly Scope[]
  requestsPerMinute: number
  /** Addresses and CIDR blocks it may be used from; empty means anywhere. */
  allowedAddresses: readonly string[]
  /** SHA-256 of the only documents it may send, in hexadecimal; null means any. */
  allowedOperations: readonly string[] | null
  /** Null means what is usual. */
  costPerMinute: number | null
  expiresAt: Date | null
  revokedAt: Date | null
  lastUsedAt: Date | null
  /** Until when the secret before the last rotation is still accepted. */
  previousValidUntil: Date | null
  createdAt: Date
  updatedAt: Date
}
