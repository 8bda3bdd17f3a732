import { randomUUID } from 'node:crypto'
import { anonymous, type Principal, type Role, type Scope, scopesOf } from '@courtside/auth'

const nobody = { userId: null, sessionId: null, apiKeyId: null, service: null } as const

/** Callers as a test names them. Each call makes another person or key. */
export const principals = {
  anonymous,
  user: (role: Role, userId: string = randomUUID()): Principal => ({
    ...nobody,
    kind: 'user',
    userId,
    sessionId: randomUUID(),
    roles: [role],
    scopes: scopesOf([role]),
  }),
  userWithScopes: (...scopes: readonly Scope[]): Principal => ({
    ...nobody,
    kind: 'user',
    userId: randomUUID(),
    sessionId: randomUUID(),
    roles: ['viewer'],
    scopes,
  }),
  partner: (...scopes: readonly Scope[]): Principal => ({
    ...nobody,
    kind: 'partner',
    apiKeyId: randomUUID(),
    roles: ['partner'],
    scopes,
  }),
  service: (name: string, ...scopes: readonly Scope[]): Principal => ({
    ...nobody,
    kind: 'service',
    service: name,
    roles: ['service'],
    scopes,
  }),
}
