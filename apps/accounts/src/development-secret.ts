import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { StartupError } from '@courtside/kernel'

const FILE = 'accounts-secret'
const FORM = /^[A-Za-z0-9_-]{43}$/

/**
 * The secret that all processes of one workspace share while developing: made by whoever comes first, readable by its
 * user alone. In production it is given as ACCOUNTS_SECRET.
 */
export async function loadDevelopmentSecret(directory: string): Promise<string> {
  const file = path.join(directory, FILE)
  const secret = (await read(file)) ?? (await create(file))
  if (FORM.test(secret)) return secret
  throw new StartupError(
    `The file ${file} is damaged. Delete it and start again; whoever is signed in will have to sign in again.`,
  )
}

async function create(file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true })
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  try {
    // A link appears whole or not at all, and never in place of the one that another process has just made.
    await link(draft, file)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
  const secret = await read(file)
  if (secret === null) throw new StartupError(`The file ${file} disappeared while it was read. Start again.`)
  return secret
}

async function read(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw new StartupError(`The file ${file} cannot be read. Give it to the user that runs this.`, {
      cause: error,
    })
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code
}
