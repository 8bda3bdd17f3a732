/**
 * What a role may do. A role is given to people; operations ask for scopes, never for roles, so that a new role needs
 * no new check.
 */
export const ROLES = [
  'viewer',
  'member',
  'moderator',
  'scorekeeper',
  'producer',
  'editor',
  'admin',
  'partner',
  'service',
] as const
export type Role = (typeof ROLES)[number]

export const SCOPES = [
  /** Say something where people talk. */
  'write:chat',
  /** Hide, delete and restore what others said. */
  'moderate:chat',
  /** Sports, seasons, conferences, venues and rule sets. */
  'write:competitions',
  /** Teams, players and rosters. */
  'write:teams',
  /** Games: create, schedule, change, cancel. */
  'write:games',
  /** Keep the score of a game. */
  'score:games',
  /** Run a broadcast. */
  'write:broadcasts',
  /** Upload and publish. */
  'write:media',
  /** See and change other people's accounts. */
  'manage:users',
  /** Give and take roles. */
  'manage:roles',
  /** Grant and end memberships. */
  'manage:memberships',
  /** Create and revoke partner keys. */
  'manage:api-keys',
  /** Read who changed what. */
  'read:audit',
  /** Turn a credential into a principal. Only the gateway itself holds it. */
  'resolve:identity',
] as const
export type Scope = (typeof SCOPES)[number]

const SCOPES_OF_ROLE: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['write:chat'],
  member: ['write:chat'],
  moderator: ['write:chat', 'moderate:chat'],
  scorekeeper: ['write:chat', 'score:games'],
  producer: ['write:chat', 'write:broadcasts', 'write:games'],
  editor: ['write:chat', 'write:media', 'write:teams'],
  admin: SCOPES.filter((scope) => scope !== 'resolve:identity'),
  /** A partner's scopes are on its key. */
  partner: [],
  service: ['manage:memberships'],
}

export function scopesOf(roles: readonly Role[]): readonly Scope[] {
  return [...new Set(roles.flatMap((role) => SCOPES_OF_ROLE[role]))].sort()
}

export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text)
}

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text)
}
