import { randomUUID } from 'node:crypto'
import { recordAudit, systemActor } from '@courtside/database'
import type { Clock } from '@courtside/kernel'
import type { Database } from '../db.ts'
import { lockAdmins, roleRepository } from '../roles/index.ts'
import { createInvitationToken, hashOfInvitation, invitationEnd } from './invitation.policy.ts'
import { invitationRepository } from './invitation.repository.ts'

export interface FirstAdminInvitation {
  token: string
  expiresAt: Date
  /** How many earlier ones have stopped working. */
  withdrawn: number
}

/**
 * Invites whoever has the shell of the server to become the first admin; null when there is one. Only the newest
 * invitation counts, and only while there is still no admin when it is accepted.
 */
export async function inviteFirstAdmin(
  { db, clock }: { db: Database; clock: Clock },
  { email }: { email: string | null },
): Promise<FirstAdminInvitation | null> {
  const token = createInvitationToken()
  const now = clock.now()
  const expiresAt = invitationEnd(now)
  return db.as(systemActor, async (tx) => {
    await lockAdmins(tx)
    if ((await roleRepository.countAdmins(tx)) > 0) return null
    const withdrawn = await invitationRepository.withdrawOpen(tx, 'admin')
    const id = await invitationRepository.add(tx, {
      tokenHash: hashOfInvitation(token),
      email,
      roles: ['admin'],
      createdAt: now,
      expiresAt,
    })
    await recordAudit(tx, {
      action: 'invitations.create',
      entityType: 'Invitation',
      entityId: id,
      actor: { kind: 'service', userId: null, apiKeyId: null, service: 'bootstrap-admin' },
      requestId: randomUUID(),
      before: null,
      after: { roles: ['admin'], expiresAt, withdrawn },
    })
    return { token, expiresAt, withdrawn }
  })
}
