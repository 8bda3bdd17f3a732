import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { StartupError } from '@courtside/kernel'

/**
 * A secret that all processes of one workspace share while developing: made by whoever comes first, readable by its
 * user alone.
 */
export async function sharedPrivateFile(file: string, make: () => Promise<string> | string): Promise<string> {
  return (await read(file)) ?? create(file, await make())
}

async function create(file: string, text: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true })
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
  try {
    // A link appears whole or not at all, and never in place of the one that another process has just made.
    await link(draft, file)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
  const shared = await read(file)
  if (shared === null) throw new StartupError(`The file ${file} disappeared while it was read. Start again.`)
  return shared
}

async function read(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
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
