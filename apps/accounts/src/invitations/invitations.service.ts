import { recordAudit, systemActor } from '@courtside/database'
import type { Clock } from '@courtside/kernel'
import { auditOf, type Caller } from '../caller.ts'
import type { Database, Tx } from '../db.ts'
import { lockAdmins, roleRepository } from '../roles/index.ts'
import { refusal, type SignedIn, type SignUpRefusal, type SignUpService } from '../sessions/index.ts'
import { hashOfInvitation, isInvitationToken } from './invitation.policy.ts'
import { type Invitation, invitationRepository } from './invitation.repository.ts'

export interface InvitationsDependencies {
  db: Database
  clock: Clock
  signUp: SignUpService
}

export interface InvitationsService {
  /** Makes an account with the roles of the invitation, and uses the invitation up: both or neither. */
  accept(caller: Caller, input: { token: string; email: string }): Promise<SignedIn | SignUpRefusal>
}

/** Whoever accepts is nobody yet, so this runs as the system; the token is what allows it. */
export function createInvitationsService({ db, clock, signUp }: InvitationsDependencies): InvitationsService {
  const open = async (tx: Tx, tokenHash: Buffer, email: string): Promise<Invitation | null> => {
    const invitation = await invitationRepository.findOpen(tx, { tokenHash, email, now: clock.now() })
    if (!invitation?.roles.includes('admin')) return invitation
    // Admins are invited only while there is none; afterwards they are made by one another.
    return (await roleRepository.countAdmins(tx)) === 0 ? invitation : null
  }

  const useUp = async (tx: Tx, caller: Caller, { id, roles }: Invitation, userId: string): Promise<void> => {
    const now = clock.now()
    if (!(await invitationRepository.accept(tx, id, userId, now)))
      throw new Error(`Invitation ${id} was used twice`)
    for (const role of roles) await roleRepository.grant(tx, { userId, role, grantedBy: null, now })
    await recordAudit(tx, {
      ...auditOf(caller),
      actor: { kind: 'user', userId, apiKeyId: null, service: null },
      action: 'invitations.accept',
      entityType: 'Invitation',
      entityId: id,
      before: null,
      after: { userId, roles },
    })
  }

  return {
    async accept(caller, { token, ...registration }) {
      if (!isInvitationToken(token)) return notValid
      const tokenHash = hashOfInvitation(token)
      const known = await db.as(systemActor, (tx) => open(tx, tokenHash, registration.email))
      // Before the password is hashed: whoever has no invitation shall not make us work.
      if (!known) return notValid
      let invitation: Invitation | null = null
      return signUp.signUpWith(caller, registration, {
        async before(tx, { email }) {
          // Whoever comes second with the same invitation waits here, and then finds it used.
          await lockAdmins(tx)
          invitation = await open(tx, tokenHash, email)
          return invitation ? null : notValid
        },
        async after(tx, userId) {
          if (invitation) await useUp(tx, caller, invitation, userId)
        },
      })
    },
  }
}

const notValid: SignUpRefusal = refusal(
  'INVITATION_INVALID',
  'TOKEN',
  'This invitation is not valid: it was used, has run out, or is for another address. Ask for a new one.',
)
