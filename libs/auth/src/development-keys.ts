import path from 'node:path'
import { sharedPrivateFile } from '@courtside/config'
import { StartupError } from '@courtside/kernel'
import * as z from 'zod'
import { generateIdentityKeys, type IdentityKeys } from './identity-assertion.ts'

const jwk = z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() })
const content = z.object({ privateKey: jwk.extend({ d: z.string() }), publicKey: jwk })

/** The identity keys of this workspace; in production each process is given its own half. */
export async function loadDevelopmentIdentityKeys(directory: string): Promise<IdentityKeys> {
  const file = path.join(directory, 'identity-keys.json')
  const text = await sharedPrivateFile(file, async () => JSON.stringify(await generateIdentityKeys()))
  try {
    return content.parse(JSON.parse(text))
  } catch (error) {
    throw new StartupError(
      `The identity keys ${file} are damaged. Delete the file and restart every process.`,
      { cause: error },
    )
  }
}
