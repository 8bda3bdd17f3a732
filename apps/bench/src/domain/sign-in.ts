import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

export interface SignedIn {
  token: string
  /** Checks the token. */
  signingKey: JWK
}

/** A person with a token such as accounts makes them; it outlives every measurement. */
export async function signIn(): Promise<SignedIn> {
  const pair = await generateKeyPair('EdDSA', { extractable: true })
  const kid = 'bench'
  const token = await new SignJWT({ sid: randomUUID() })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
    .setSubject(randomUUID())
    .setIssuer('courtside')
    .setAudience('courtside')
    .setIssuedAt()
    .setExpirationTime('12h')
    .sign(pair.privateKey)
  return { token, signingKey: { ...(await exportJWK(pair.publicKey)), kid, use: 'sig', alg: 'EdDSA' } }
}
