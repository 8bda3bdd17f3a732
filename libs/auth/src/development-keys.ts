import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { StartupError } from '@courtside/kernel'
import * as z from 'zod'
import { generateIdentityKeys, type IdentityKeys } from './identity-assertion.ts'

const FILE = 'identity-keys.json'

const jwk = z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() })
const content = z.object({ privateKey: jwk.extend({ d: z.string() }), publicKey: jwk })

/**
 * The identity keys that all processes of one workspace share while developing: made by whoever comes first, readable
 * by its user alone. In production each process is given its own half.
 */
export async function loadDevelopmentIdentityKeys(directory: string): Promise<IdentityKeys> {
  const file = path.join(directory, FILE)
  return (await read(file)) ?? (await create(file))
}

async function create(file: string): Promise<IdentityKeys> {
  await mkdir(path.dirname(file), { recursive: true })
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, JSON.stringify(await generateIdentityKeys()), { mode: 0o600, flag: 'wx' })
  try {
    // A link appears whole or not at all, and never in place of the one that another process has just made.
    await link(draft, file)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
  const keys = await read(file)
  if (!keys) throw new StartupError(`The file ${file} disappeared while it was read. Start again.`)
  return keys
}

async function read(file: string): Promise<IdentityKeys | null> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw new StartupError(
      `The identity keys ${file} cannot be read. Give the file to the user that runs this.`,
      {
        cause: error,
      },
    )
  }
  try {
    return content.parse(JSON.parse(text))
  } catch (error) {
    throw new StartupError(
      `The identity keys ${file} are damaged. Delete the file and restart every process.`,
      {
        cause: error,
      },
    )
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code
}
