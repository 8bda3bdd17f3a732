import type { Role } from '@courtside/auth'
import { recordAudit, systemActor } from '@courtside/database'
import { type Clock, isUuid } from '@courtside/kernel'
import { ofPerson, type TellAccessChanges } from '../access-changes/index.ts'
import { assertScope, auditOf, type Caller } from '../caller.ts'
import type { Database, Tx } from '../db.ts'
import { userNotFound } from '../users/index.ts'
import { keepingAnAdmin } from './last-admin.ts'
import { type GrantableRole, isGrantable } from './role.policy.ts'
import { roleRepository } from './role.repository.ts'
import { notGrantable } from './roles.errors.ts'

export interface RolesDependencies {
  db: Database
  clock: Clock
  tellAccessChanges: TellAccessChanges
}

export type RolesService = ReturnType<typeof createRolesService>

interface RoleChange {
  userId: string
  role: Role
}

export function createRolesService({ db, clock, tellAccessChanges }: RolesDependencies) {
  const change = async (
    caller: Caller,
    { userId, role }: RoleChange,
    kind: 'grant' | 'revoke',
    apply: (tx: Tx, role: GrantableRole) => Promise<boolean | null>,
  ): Promise<void> => {
    assertScope(caller, 'manage:roles')
    if (!isGrantable(role)) throw notGrantable(role)
    if (!isUuid(userId)) throw userNotFound()
    await db.as(systemActor, async (tx) => {
      const changed = await apply(tx, role)
      if (changed === null) throw userNotFound()
      if (!changed) return
      await tellAccessChanges(tx, [ofPerson(userId)])
      await recordAudit(tx, {
        ...auditOf(caller),
        action: `roles.${kind}`,
        entityType: 'User',
        entityId: userId,
        before: kind === 'grant' ? null : { role },
        after: kind === 'grant' ? { role } : null,
      })
    })
  }

  return {
    async grant(caller: Caller, given: RoleChange): Promise<void> {
      const { userId } = given
      const grantedBy = caller.principal.userId
      await change(caller, given, 'grant', (tx, role) =>
        roleRepository.grant(tx, { userId, role, grantedBy, now: clock.now() }),
      )
    },

    async revoke(caller: Caller, taken: RoleChange): Promise<void> {
      await change(caller, taken, 'revoke', (tx, role) => {
        const revoke = () => roleRepository.revoke(tx, taken.userId, role)
        return role === 'admin' ? keepingAnAdmin(tx, revoke) : revoke()
      })
    },
  }
}
