import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { StartupError } from '@courtside/kernel'
import { type Home, toFolderError } from './home.ts'
import { errorCode } from '../error-code.ts'

/** Undefined when the cluster has none yet. */
export async function readSuperuserPassword(home: Home): Promise<string | undefined> {
  try {
    return (await readFile(home.passwordFile, 'utf8')).trim()
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw toFolderError(error, home.directory)
  }
}

/** The cluster's secret: random, made once, in a file that only its owner can read. */
export async function createSuperuserPassword(home: Home): Promise<string> {
  const draft = `${home.passwordFile}.${process.pid}`
  await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true })
  try {
    // `link` refuses an existing name: of two first starts at once, both go on with the same password.
    await link(draft, home.passwordFile).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error
    })
  } finally {
    await rm(draft, { force: true })
  }
  const password = await readSuperuserPassword(home)
  if (password === undefined)
    throw new StartupError(`The password file ${home.passwordFile} vanished. Try again.`)
  return password
}
