import type { Role, Scope } from './roles.ts'

/** Who asks. Everybody is a principal, the anonymous caller too. */
export interface Principal {
  readonly kind: 'anonymous' | 'user' | 'partner' | 'service'
  /** The person, for kind `user` only: a key never acts as the person who made it. */
  readonly userId: string | null
  readonly sessionId: string | null
  readonly apiKeyId: string | null
  /** The name of a service, for kind `service` only. */
  readonly service: string | null
  readonly roles: readonly Role[]
  readonly scopes: readonly Scope[]
}

const nobody = {
  userId: null,
  sessionId: null,
  apiKeyId: null,
  service: null,
  roles: [],
  scopes: [],
} as const

export const anonymous: Principal = Object.freeze({ kind: 'anonymous', ...nobody })

/** One of our own processes, for example the gateway when it asks accounts who a credential belongs to. */
export function servicePrincipal(service: string, scopes: readonly Scope[]): Principal {
  const principal: Principal = { ...nobody, kind: 'service', service, roles: ['service'], scopes }
  return Object.freeze(principal)
}

export function hasScope(principal: Principal, scope: Scope): boolean {
  return principal.scopes.includes(scope)
}
