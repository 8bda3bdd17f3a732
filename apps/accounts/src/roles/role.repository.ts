import type { Tx } from '../db.ts'
import type { GrantableRole } from './role.policy.ts'

export const roleRepository = {
  /** Tells whether this changed anything; null when there is nobody to give it to. */
  async grant(tx: Tx, grant: { userId: string; role: GrantableRole; grantedBy: string | null; now: Date }) {
    const { userId, role, grantedBy, now } = grant
    if (!(await isKnown(tx, userId))) return null
    const { count } = await tx.userRole.createMany({
      data: [{ userId, role, grantedBy, grantedAt: now }],
      skipDuplicates: true,
    })
    return count > 0
  },

  /** Tells whether this changed anything; null when there is nobody to take it from. */
  async revoke(tx: Tx, userId: string, role: GrantableRole): Promise<boolean | null> {
    if (!(await isKnown(tx, userId))) return null
    const { count } = await tx.userRole.deleteMany({ where: { userId, role } })
    return count > 0
  },

  /** Those who can sign in and manage the others. */
  async countAdmins(tx: Tx): Promise<number> {
    return tx.userRole.count({ where: { role: 'admin', user: { isActive: true, erasedAt: null } } })
  },
}

async function isKnown(tx: Tx, userId: string): Promise<boolean> {
  return (await tx.user.count({ where: { id: userId, erasedAt: null } })) > 0
}
