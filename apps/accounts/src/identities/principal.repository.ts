import { isRole, type Role } from '@courtside/auth'
import type { Tx } from '../db.ts'

/** What decides who somebody is and what they may do, in one statement: it is asked for every caller every second. */
export interface PersonFacts {
  isUsable: boolean
  grantedRoles: readonly Role[]
  hasMembership: boolean
}

export interface SessionFacts extends PersonFacts {
  expiresAt: Date
  idleExpiresAt: Date
  revokedAt: Date | null
  lastAccessedAt: Date
}

type Row<Facts extends PersonFacts> = Omit<Facts, 'grantedRoles'> & { grantedRoles: string[] }

export const principalRepository = {
  async bySession(tx: Tx, sessionId: string, userId: string, now: Date): Promise<SessionFacts | null> {
    const [row] = await tx.$queryRaw<Row<SessionFacts>[]>`
      SELECT
        sessions.expires_at AS "expiresAt",
        sessions.idle_expires_at AS "idleExpiresAt",
        sessions.revoked_at AS "revokedAt",
        sessions.last_accessed_at AS "lastAccessedAt",
        users.is_active AND users.erased_at IS NULL AS "isUsable",
        ARRAY(SELECT role FROM user_roles WHERE user_id = users.id ORDER BY role) AS "grantedRoles",
        EXISTS (
          SELECT FROM subscriptions
          WHERE subscriber_id = users.id AND is_active
            AND (subscriptions.expires_at IS NULL OR subscriptions.expires_at > ${now}::timestamptz)
        ) AS "hasMembership"
      FROM sessions JOIN users ON users.id = sessions.user_id
      WHERE sessions.id = ${sessionId}::uuid AND sessions.user_id = ${userId}::uuid`
    return row ? withKnownRoles(row) : null
  },

  async byUser(tx: Tx, userId: string, now: Date): Promise<PersonFacts | null> {
    const [row] = await tx.$queryRaw<Row<PersonFacts>[]>`
      SELECT
        users.is_active AND users.erased_at IS NULL AS "isUsable",
        ARRAY(SELECT role FROM user_roles WHERE user_id = users.id ORDER BY role) AS "grantedRoles",
        EXISTS (
          SELECT FROM subscriptions
          WHERE subscriber_id = users.id AND is_active
            AND (subscriptions.expires_at IS NULL OR subscriptions.expires_at > ${now}::timestamptz)
        ) AS "hasMembership"
      FROM users WHERE users.id = ${userId}::uuid`
    return row ? withKnownRoles(row) : null
  },
}

function withKnownRoles<Facts extends PersonFacts>(
  row: Row<Facts>,
): Omit<Facts, 'grantedRoles'> & PersonFacts {
  return { ...row, grantedRoles: row.grantedRoles.filter(isRole) }
}
