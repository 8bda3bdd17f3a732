import type { Role } from '@courtside/auth'

/** What everybody may see of a person. */
export interface UserProfile {
  id: string
  username: string
  displayName: string | null
  avatarUrl: string | null
  bio: string | null
  isVerified: boolean
  createdAt: Date
  /** False when the account is switched off or erased: such people are not found, only referred to. */
  isPresent: boolean
}

/** The whole of an account but its password: for the person themselves and for those who manage users. */
export interface Account {
  id: string
  username: string
  email: string
  displayName: string | null
  avatarUrl: string | null
  bio: string | null
  isVerified: boolean
  isActive: boolean
  createdAt: Date
  updatedAt: Date
  lastLoginAt: Date | null
  erasedAt: Date | null
  hasPassword: boolean
  /** Everybody's, granted and derived ones. */
  roles: readonly Role[]
}
