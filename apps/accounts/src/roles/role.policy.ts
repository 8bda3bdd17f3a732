import type { Role } from '@courtside/auth'

/** The roles that are given to people. The others say what somebody is without anybody's doing. */
export const GRANTABLE_ROLES = ['moderator', 'scorekeeper', 'producer', 'editor', 'admin'] as const
export type GrantableRole = (typeof GRANTABLE_ROLES)[number]

export function isGrantable(role: string): role is GrantableRole {
  return (GRANTABLE_ROLES as readonly string[]).includes(role)
}

export const ROLE_DESCRIPTIONS: Readonly<Record<Role, string>> = {
  viewer: 'Everybody who is signed in.',
  member: 'Has an active membership with a creator.',
  moderator: 'Keeps order where people talk.',
  scorekeeper: 'Keeps the score of games.',
  producer: 'Runs broadcasts and schedules games.',
  editor: 'Publishes media and keeps teams.',
  admin: 'May do everything that people may do.',
  partner: 'An API key of a partner; its scopes are on the key.',
  service: 'One of our own processes.',
}
