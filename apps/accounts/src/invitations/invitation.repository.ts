import type { Tx } from '../db.ts'
import { type GrantableRole, isGrantable } from '../roles/index.ts'

export interface Invitation {
  id: string
  roles: GrantableRole[]
}

export const invitationRepository = {
  async add(
    tx: Tx,
    invitation: {
      tokenHash: Buffer
      email: string | null
      roles: GrantableRole[]
      createdAt: Date
      expiresAt: Date
    },
  ): Promise<string> {
    const { tokenHash, ...rest } = invitation
    const { id } = await tx.invitation.create({
      data: { ...rest, tokenHash: Uint8Array.from(tokenHash) },
      select: { id: true },
    })
    return id
  },

  /** Takes back what was offered and not accepted; tells how many. */
  async withdrawOpen(tx: Tx, role: GrantableRole): Promise<number> {
    const { count } = await tx.invitation.deleteMany({ where: { acceptedAt: null, roles: { has: role } } })
    return count
  },

  /** Null when it was used already, has run out, or is for another address than `email`. */
  async findOpen(
    tx: Tx,
    sought: { tokenHash: Buffer; email: string; now: Date },
  ): Promise<Invitation | null> {
    const { tokenHash, email, now } = sought
    const row = await tx.invitation.findFirst({
      where: {
        tokenHash: Uint8Array.from(tokenHash),
        acceptedAt: null,
        expiresAt: { gt: now },
        OR: [{ email: null }, { email }],
      },
      select: { id: true, roles: true },
    })
    return row && { id: row.id, roles: row.roles.filter(isGrantable) }
  },

  /** Uses an invitation up; false when somebody else has. */
  async accept(tx: Tx, id: string, userId: string, now: Date): Promise<boolean> {
    const { count } = await tx.invitation.updateMany({
      where: { id, acceptedAt: null },
      data: { acceptedAt: now, acceptedBy: userId },
    })
    return count > 0
  },
}
