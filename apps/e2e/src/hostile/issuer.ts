import { createHttpEdge, sendJson } from '@courtside/http'
import { silentLogger } from '@courtside/logger'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

export interface TokenClaims {
  issuer?: string
  audience?: string
  authorizedParty?: string
  subject?: string
  /** Seconds from now. */
  expiresIn?: number
  notBeforeIn?: number
  kid?: string
  key?: CryptoKey
}

/** An issuer of tokens that the gateway has been told to trust. */
export interface Issuer {
  readonly name: string
  readonly jwksUrl: string
  readonly publicKey: JWK
  sign(claims?: TokenClaims): Promise<string>
  stop(): Promise<void>
}

export const AUDIENCE = 'courtside-e2e'
export const AUTHORIZED_PARTY = 'https://app.example'

export async function startIssuer(): Promise<Issuer> {
  const pair = await generateKeyPair('RS256', { extractable: true })
  const publicKey: JWK = { ...(await exportJWK(pair.publicKey)), kid: 'e2e', alg: 'RS256', use: 'sig' }
  const edge = createHttpEdge({
    log: silentLogger,
    routes: [
      {
        path: '/jwks.json',
        handle: (_request, response) => sendJson(response, 200, { keys: [publicKey] }),
      },
    ],
  })
  const { url } = await edge.listen({ host: '127.0.0.1', port: 0 })
  return {
    name: url,
    jwksUrl: `${url}/jwks.json`,
    publicKey,
    sign({ expiresIn = 60, notBeforeIn = 0, ...claims } = {}) {
      const now = Math.floor(Date.now() / 1000)
      return new SignJWT({ azp: claims.authorizedParty ?? AUTHORIZED_PARTY })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: claims.kid ?? 'e2e' })
        .setIssuer(claims.issuer ?? url)
        .setAudience(claims.audience ?? AUDIENCE)
        .setSubject(claims.subject ?? 'user_e2e')
        .setIssuedAt(now)
        .setNotBefore(now + notBeforeIn)
        .setExpirationTime(now + expiresIn)
        .sign(claims.key ?? pair.privateKey)
    },
    stop: () => edge.drain(0),
  }
}
