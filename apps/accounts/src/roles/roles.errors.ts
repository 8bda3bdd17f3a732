import type { Role } from '@courtside/auth'
import { DomainError } from '@courtside/kernel'
import { toRoleName } from '../role-name.ts'
import { GRANTABLE_ROLES } from './role.policy.ts'

export const notGrantable = (role: Role) =>
  new DomainError({
    kind: 'invalid',
    code: 'BAD_USER_INPUT',
    message: `Nobody gives or takes the role ${toRoleName(role)}. Choose one of ${GRANTABLE_ROLES.map(toRoleName).join(', ')}.`,
  })

export const lastAdmin = () =>
  new DomainError({
    kind: 'conflict',
    code: 'ACCOUNTS_LAST_ADMIN',
    message: 'This is the last admin. Make somebody else an admin first.',
  })
