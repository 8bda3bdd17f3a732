import { readFile } from 'node:fs/promises'
import { StartupError } from '@courtside/kernel'
import type { JWK } from 'jose'
import { loadDevelopmentIdentityKeys } from './development-keys.ts'

/** The variable that holds each half of the pair, and the part of a JWK that makes it that half. */
const HALVES = {
  private: { variable: 'IDENTITY_PRIVATE_KEY', part: 'd', pairName: 'privateKey' },
  public: { variable: 'IDENTITY_PUBLIC_KEY', part: 'x', pairName: 'publicKey' },
} as const

/**
 * One half of the pair by which subgraphs know the gateway: a JWK as JSON or the path of a file that holds one, or,
 * while developing and not configured, that of the workspace.
 */
export async function loadIdentityKey(
  half: keyof typeof HALVES,
  configured: string | undefined,
  developmentDirectory: string,
): Promise<JWK> {
  const { variable, part, pairName } = HALVES[half]
  if (configured === undefined) return (await loadDevelopmentIdentityKeys(developmentDirectory))[pairName]
  const text = configured.trimStart().startsWith('{') ? configured : await readKeyFile(variable, configured)
  try {
    const key = JSON.parse(text) as JWK
    if (key.kty === 'OKP' && key.crv === 'Ed25519' && typeof key[part] === 'string') return key
  } catch {
    // Not even JSON: the same answer.
  }
  throw new StartupError(`${variable} is not a ${half} Ed25519 key in JWK form.`)
}

async function readKeyFile(variable: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new StartupError(`${variable} names the file ${file}, which cannot be read.`, { cause: error })
  }
}
