import type { Tx } from '../db.ts'

/** Sessions of other issuers that have been ended here, before they end there. */
export const externalSessionRepository = {
  /** Under every issuer the person is known by: an assertion names the session, not who issued it. */
  async revoke(tx: Tx, userId: string, sessionId: string, now: Date): Promise<boolean> {
    const rows = await tx.$executeRaw`
      INSERT INTO revoked_external_sessions (provider, session_id, revoked_at)
      SELECT provider, ${sessionId}, ${now}::timestamptz FROM auth_identities WHERE user_id = ${userId}::uuid
      ON CONFLICT DO NOTHING`
    return rows > 0
  },

  async isRevoked(tx: Tx, provider: string, sessionId: string): Promise<boolean> {
    const row = await tx.revokedExternalSession.findUnique({
      where: { provider_sessionId: { provider, sessionId } },
      select: { revokedAt: true },
    })
    return row !== null
  },
}
