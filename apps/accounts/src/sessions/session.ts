import type { Account } from '../users/index.ts'

/** One device that is signed in. */
export interface Session {
  id: string
  userId: string
  deviceName: string | null
  ipAddress: string | null
  userAgent: string | null
  createdAt: Date
  lastAccessedAt: Date
  /** The end that nothing puts off. */
  expiresAt: Date
  /** The end that using it puts off. */
  idleExpiresAt: Date
  revokedAt: Date | null
}

/** What somebody gets who has shown who they are. */
export interface SignedIn {
  accessToken: string
  accessTokenExpiresAt: Date
  refreshToken: string
  refreshTokenExpiresAt: Date
  account: Account
}

export interface SignInRefusal {
  code: 'INVALID_CREDENTIALS' | 'TOO_MANY_ATTEMPTS' | 'ACCOUNT_DISABLED'
  message: string
  retryAfterSeconds: number | null
}

export interface SessionOver {
  code: 'SESSION_OVER'
  message: string
}

export interface SignUpRefusal {
  code:
    | 'USERNAME_INVALID'
    | 'USERNAME_TAKEN'
    | 'EMAIL_INVALID'
    | 'EMAIL_TAKEN'
    | 'PASSWORD_WEAK'
    | 'TOO_MANY_ATTEMPTS'
    | 'INVITATION_INVALID'
  message: string
  field: 'USERNAME' | 'EMAIL' | 'PASSWORD' | 'TOKEN' | null
  retryAfterSeconds: number | null
}

export function isSignedIn(result: object): result is SignedIn {
  return 'accessToken' in result
}
