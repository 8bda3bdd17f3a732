import type { Role, Scope } from '@courtside/auth'

/** A person as another issuer knows them. */
export interface Identity {
  id: string
  userId: string
  issuer: string
  subject: string
  createdAt: Date
  lastSeenAt: Date
}

export interface ResolvedPrincipal {
  kind: 'user' | 'partner'
  userId: string | null
  sessionId: string | null
  apiKeyId: string | null
  roles: readonly Role[]
  scopes: readonly Scope[]
  requestsPerMinute: number | null
  costPerMinute: number | null
  allowedOperations: readonly string[] | null
}

/** What another issuer says of a person, as far as it can be used here. */
export interface ExternalClaims {
  issuer: string
  subject: string
  email: string | null
  name: string | null
  avatarUrl: string | null
}
