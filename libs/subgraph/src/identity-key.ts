import { loadDevelopmentIdentityKeys } from '@courtside/auth'
import { StartupError } from '@courtside/kernel'
import type { JWK } from 'jose'

/** The key by which assertions of the gateway are recognised: as configured, or the one of the workspace. */
export async function loadIdentityKey(
  configured: string | undefined,
  developmentDirectory: string,
): Promise<JWK> {
  if (configured === undefined) return (await loadDevelopmentIdentityKeys(developmentDirectory)).publicKey
  try {
    const key = JSON.parse(configured) as JWK
    if (key.kty === 'OKP' && key.crv === 'Ed25519' && typeof key.x === 'string') return key
  } catch {
    // Not even JSON: the same answer.
  }
  throw new StartupError('IDENTITY_PUBLIC_KEY is not a public Ed25519 key in JWK form.')
}
