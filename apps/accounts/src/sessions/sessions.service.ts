import { recordAudit, systemActor } from '@courtside/database'
import {
  type Clock,
  type Connection,
  isUuid,
  type PageArguments,
  toConnection,
  toPageRequest,
} from '@courtside/kernel'
import { parseInput, uuid } from '@courtside/validation'
import * as z from 'zod'
import { ofEndedSessions, ofSession, type TellAccessChanges } from '../access-changes/index.ts'
import { assertScope, auditOf, type Caller, personOf } from '../caller.ts'
import type { Database, Tx } from '../db.ts'
import type { OwnershipPolicy } from '../ownership.policy.ts'
import { isRefreshToken } from './refresh-token.ts'
import { externalSessionRepository } from './external-session.repository.ts'
import { sessionRepository } from './session.repository.ts'
import type { Session } from './session.ts'
import { sessionNotFound } from './sessions.errors.ts'

export interface SessionsDependencies {
  db: Database
  clock: Clock
  ownership: OwnershipPolicy
  tellAccessChanges: TellAccessChanges
}

export type SessionList = Connection<Session> & { totalCount(): Promise<number> }

export type SessionsService = ReturnType<typeof createSessionsService>

const keeping = z.object({
  keepSessionIds: z.array(uuid()).max(100, 'must have at most 100 entries').nullish(),
})

export function createSessionsService({ db, clock, ownership, tellAccessChanges }: SessionsDependencies) {
  const end = async (
    tx: Tx,
    userId: string,
    which: { only?: string; except?: readonly string[] },
  ): Promise<string[]> => {
    const ended = await sessionRepository.end(tx, userId, clock.now(), which)
    await tellAccessChanges(tx, ofEndedSessions(userId, ended))
    return ended
  }

  /** Having the token is proof enough: nobody else could name the session. */
  const endByToken = async (refreshToken: string): Promise<string | null> => {
    if (!isRefreshToken(refreshToken)) return null
    return db.as(systemActor, async (tx) => {
      const found = await sessionRepository.lockByToken(tx, refreshToken)
      if (!found) return null
      const { id, userId } = found.session
      const [ended] = await end(tx, userId, { only: id })
      return ended ?? null
    })
  }

  return {
    /** Where a person is signed in, for that person only. */
    async sessionsOf(caller: Caller, ownerId: string, args: PageArguments): Promise<SessionList> {
      const userId = personOf(caller)
      if (!ownership(caller.principal, ownerId)) throw sessionNotFound()
      const page = toPageRequest(args, 2)
      const now = clock.now()
      const rows = await db.as({ userId }, (tx) => sessionRepository.page(tx, ownerId, now, page))
      const list = toConnection(
        rows,
        page,
        ({ lastAccessedAt, id }) => [lastAccessedAt.toISOString(), id],
        (row) => row,
      )
      const totalCount = () => db.as({ userId }, (tx) => sessionRepository.count(tx, ownerId, now))
      return { ...list, totalCount }
    },

    /** Ends the session of a refresh token, or else the one that asks. Tells which, null when none was left to end. */
    async signOut(
      caller: Caller,
      { refreshToken }: { refreshToken?: string | null },
    ): Promise<string | null> {
      if (refreshToken != null) return endByToken(refreshToken)
      const userId = personOf(caller)
      const { sessionId } = caller.principal
      if (sessionId === null) return null
      if (isUuid(sessionId)) {
        const [ended] = await db.as({ userId }, (tx) => end(tx, userId, { only: sessionId }))
        if (ended !== undefined) return ended
      }
      // The session of another issuer: we cannot end it there, so we stop believing in it here. As the system, because
      // the list of those belongs to nobody; which issuers are meant, the person's own rows say.
      const revoked = await db.as(systemActor, async (tx) => {
        const isNew = await externalSessionRepository.revoke(tx, userId, sessionId, clock.now())
        if (isNew) await tellAccessChanges(tx, [ofSession(userId, sessionId)])
        return isNew
      })
      return revoked ? sessionId : null
    },

    async revokeSession(caller: Caller, { id }: { id: string }): Promise<string> {
      const userId = personOf(caller)
      if (!isUuid(id)) throw sessionNotFound()
      return db.as({ userId }, async (tx) => {
        const session = await sessionRepository.find(tx, id)
        if (!session || !ownership(caller.principal, session.userId)) throw sessionNotFound()
        await end(tx, session.userId, { only: session.id })
        return session.id
      })
    },

    async revokeOtherSessions(caller: Caller, input: unknown): Promise<string[]> {
      const { keepSessionIds } = parseInput(keeping, input)
      const userId = personOf(caller)
      const except = [caller.principal.sessionId, ...(keepSessionIds ?? [])]
        .filter((id) => id !== null)
        .filter(isUuid)
      return db.as({ userId }, (tx) => end(tx, userId, { except }))
    },

    /** For those who manage users: signs somebody out everywhere. */
    async revokeSessionsOf(caller: Caller, { userId }: { userId: string }): Promise<string[]> {
      assertScope(caller, 'manage:users')
      if (!isUuid(userId)) return []
      return db.as(systemActor, async (tx) => {
        const ended = await sessionRepository.end(tx, userId, clock.now())
        if (ended.length === 0) return ended
        await tellAccessChanges(tx, ofEndedSessions(userId, ended))
        await recordAudit(tx, {
          ...auditOf(caller),
          action: 'sessions.revoke-all',
          entityType: 'User',
          entityId: userId,
          before: { sessionIds: ended },
          after: null,
        })
        return ended
      })
    },
  }
}
