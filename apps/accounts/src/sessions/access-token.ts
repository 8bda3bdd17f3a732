import { SignJWT } from 'jose'
import type { SigningKeys } from '../signing-keys/index.ts'

const ISSUER = 'courtside'

/** A token that says who somebody is, not what they may do: roles are looked up at each use, so they hold at once. */
export async function signAccessToken(
  keys: SigningKeys,
  {
    userId,
    sessionId,
    now,
    lifetimeMs,
  }: { userId: string; sessionId: string; now: Date; lifetimeMs: number },
): Promise<{ accessToken: string; accessTokenExpiresAt: Date }> {
  const { kid, privateKey } = await keys.current()
  const issuedAt = Math.floor(now.getTime() / 1000)
  const expiresAt = issuedAt + Math.floor(lifetimeMs / 1000)
  const accessToken = await new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
    .setIssuer(ISSUER)
    .setAudience(ISSUER)
    .setSubject(userId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(privateKey)
  return { accessToken, accessTokenExpiresAt: new Date(expiresAt * 1000) }
}
