import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { sharedPrivateFile } from '@courtside/config'
import { StartupError } from '@courtside/kernel'

const FORM = /^[A-Za-z0-9_-]{43}$/

/** The secret of this workspace; in production it is given as ACCOUNTS_SECRET. */
export async function loadDevelopmentSecret(directory: string): Promise<string> {
  const file = path.join(directory, 'accounts-secret')
  const secret = (await sharedPrivateFile(file, () => randomBytes(32).toString('base64url'))).trim()
  if (FORM.test(secret)) return secret
  throw new StartupError(
    `The file ${file} is damaged. Delete it and start again; whoever is signed in will have to sign in again.`,
  )
}
