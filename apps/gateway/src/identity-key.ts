import { readFile } from 'node:fs/promises'
import { loadDevelopmentIdentityKeys } from '@courtside/auth'
import { StartupError } from '@courtside/kernel'
import type { JWK } from 'jose'

/** The key with which this gateway says who asks: as configured, or while developing the one of the workspace. */
export async function loadIdentityKey(
  configured: string | undefined,
  developmentDirectory: string,
): Promise<JWK> {
  if (configured === undefined) return (await loadDevelopmentIdentityKeys(developmentDirectory)).privateKey
  const text = configured.trimStart().startsWith('{') ? configured : await readKeyFile(configured)
  try {
    const key = JSON.parse(text) as JWK
    if (key.kty === 'OKP' && key.crv === 'Ed25519' && typeof key.d === 'string') return key
  } catch {
    // Not even JSON: the same answer.
  }
  throw new StartupError('IDENTITY_PRIVATE_KEY is not a private Ed25519 key in JWK form.')
}

async function readKeyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new StartupError(`IDENTITY_PRIVATE_KEY names the file ${file}, which cannot be read.`, {
      cause: error,
    })
  }
}
