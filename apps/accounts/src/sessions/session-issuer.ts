import { isIP } from 'node:net'
import type { Clock } from '@courtside/kernel'
import type { Caller } from '../caller.ts'
import type { Tx } from '../db.ts'
import type { SigningKeys } from '../signing-keys/index.ts'
import type { Account } from '../users/index.ts'
import { signAccessToken } from './access-token.ts'
import { createRefreshToken, hashOfToken, nextRefreshToken, sessionIdOf } from './refresh-token.ts'
import { absoluteEnd, idleEnd } from './session.policy.ts'
import { sessionRepository } from './session.repository.ts'
import type { Session, SignedIn } from './session.ts'

export interface SessionIssuerDependencies {
  clock: Clock
  signingKeys: SigningKeys
  /** From it and a refresh token the next one is computed. */
  refreshKey: Uint8Array
  accessTokenLifetimeMs: number
}

/** A session and the only copy of its refresh token. */
export interface IssuedSession {
  sessionId: string
  userId: string
  refreshToken: string
  refreshTokenExpiresAt: Date
}

export interface SessionIssuer {
  /** Starts a session, in the transaction in which it was found out who somebody is. */
  open(tx: Tx, caller: Caller, session: { userId: string; deviceName: string | null }): Promise<IssuedSession>
  /** Replaces the refresh token `token`. Doing it twice gives the same successor. */
  renew(
    tx: Tx,
    session: Session & { rotatedAt: Date | null },
    token: string,
    repeated: boolean,
  ): Promise<IssuedSession>
  /** Signs an access token for it. After the transaction: the session it names must be there. */
  toSignedIn(issued: IssuedSession, account: Account): Promise<SignedIn>
}

export function createSessionIssuer({
  clock,
  signingKeys,
  refreshKey,
  accessTokenLifetimeMs: lifetimeMs,
}: SessionIssuerDependencies): SessionIssuer {
  return {
    async open(tx, caller, { userId, deviceName }) {
      const now = clock.now()
      const refreshToken = createRefreshToken()
      const expiresAt = absoluteEnd(now)
      const idleExpiresAt = idleEnd(now, expiresAt)
      const { clientAddress: address, clientAgent: userAgent } = caller
      const session = await sessionRepository.add(tx, {
        id: sessionIdOf(refreshToken),
        userId,
        deviceName,
        userAgent,
        ipAddress: address !== null && isIP(address) ? address : null,
        createdAt: now,
        lastAccessedAt: now,
        expiresAt,
        idleExpiresAt,
        tokenHash: hashOfToken(refreshToken),
      })
      return { sessionId: session.id, userId, refreshToken, refreshTokenExpiresAt: idleExpiresAt }
    },

    async renew(tx, session, token, repeated) {
      const now = clock.now()
      const refreshToken = nextRefreshToken(token, refreshKey)
      const idleExpiresAt = idleEnd(now, session.expiresAt)
      await sessionRepository.rotate(tx, session.id, {
        tokenHash: hashOfToken(refreshToken),
        previousTokenHash: hashOfToken(token),
        // Repeating must not stretch the grace, or a thief could keep it open for ever.
        rotatedAt: repeated ? (session.rotatedAt ?? now) : now,
        lastAccessedAt: now,
        idleExpiresAt,
      })
      return {
        sessionId: session.id,
        userId: session.userId,
        refreshToken,
        refreshTokenExpiresAt: idleExpiresAt,
      }
    },

    async toSignedIn({ sessionId, userId, ...refresh }, account) {
      const access = await signAccessToken(signingKeys, { userId, sessionId, now: clock.now(), lifetimeMs })
      return { ...access, ...refresh, account }
    },
  }
}
