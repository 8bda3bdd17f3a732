import type { Tx } from '../db.ts'
import type { CutOffs } from './retention.policy.ts'

/** So many rows a statement, so that none runs long and none holds many locks. */
const BATCH = 1_000

type Removal = (tx: Tx, cutOffs: CutOffs) => Promise<number>

/** What is removed, by table. Each call takes a batch at most, and tells how many rows that were: none when all is done. */
export const removals: Readonly<Record<string, Removal>> = {
  sessions: (tx, { sessionsEnded, sessionsRevoked }) => tx.$executeRaw`
    DELETE FROM sessions WHERE id IN (
      SELECT id FROM sessions
      WHERE expires_at <= ${sessionsEnded}::timestamptz OR idle_expires_at <= ${sessionsEnded}::timestamptz
        OR revoked_at <= ${sessionsRevoked}::timestamptz
      LIMIT ${BATCH}
    )`,

  sign_in_throttles: (tx, { throttlesFailed }) => tx.$executeRaw`
    DELETE FROM sign_in_throttles WHERE key IN (
      SELECT key FROM sign_in_throttles WHERE last_failure_at <= ${throttlesFailed}::timestamptz LIMIT ${BATCH}
    )`,

  invitations: (tx, { invitationsEnded, invitationsAccepted }) => tx.$executeRaw`
    DELETE FROM invitations WHERE id IN (
      SELECT id FROM invitations
      WHERE (accepted_at IS NULL AND expires_at <= ${invitationsEnded}::timestamptz)
        OR accepted_at <= ${invitationsAccepted}::timestamptz
      LIMIT ${BATCH}
    )`,

  signing_keys: (tx, { signingKeysRetired }) => tx.$executeRaw`
    DELETE FROM signing_keys WHERE id IN (
      SELECT id FROM signing_keys WHERE verifies_until <= ${signingKeysRetired}::timestamptz LIMIT ${BATCH}
    )`,

  revoked_external_sessions: (tx, { externalSessionsRevoked }) => tx.$executeRaw`
    DELETE FROM revoked_external_sessions WHERE (provider, session_id) IN (
      SELECT provider, session_id FROM revoked_external_sessions
      WHERE revoked_at <= ${externalSessionsRevoked}::timestamptz
      LIMIT ${BATCH}
    )`,
}
