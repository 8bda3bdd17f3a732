import { isRole, type Role } from '@courtside/auth'
import { DomainError } from '@courtside/kernel'

/** A role as the graph writes it. */
export type RoleName = Uppercase<Role>

export function toRoleName(role: Role): RoleName {
  return role.toUpperCase() as RoleName
}

export function fromRoleName(name: string): Role {
  const role = name.toLowerCase()
  if (isRole(role)) return role
  throw new DomainError({ kind: 'invalid', code: 'BAD_USER_INPUT', message: 'There is no such role.' })
}
