import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { StartupError } from '@courtside/kernel'
import { errorCode } from '../error-code.ts'
import type { Subgraph } from './subgraphs.ts'

export interface Migration {
  /** The folder's name, which begins with a time: migrations are applied in the order of their names. */
  name: string
  sql: string
}

export const LOCK_FILE = 'migration_lock.toml'

export async function readMigrations({ migrationsFolder }: Subgraph): Promise<Migration[]> {
  const entries = await readdir(migrationsFolder, { withFileTypes: true }).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(names.sort().map(async (name) => ({ name, sql: await readSql(migrationsFolder, name) })))
}

async function readSql(folder: string, name: string): Promise<string> {
  const file = path.join(folder, name, 'migration.sql')
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new StartupError(`The migration ${name} cannot be read.\nRestore ${file}, or delete its folder.`, {
      cause,
    })
  })
}

/** Whether this is the text that was applied. Line ends may differ: a checkout on Windows is not an edit. */
export function hasChecksum({ sql }: Migration, checksum: string): boolean {
  const withLf = sql.replaceAll('\r\n', '\n')
  return [sql, withLf, withLf.replaceAll('\n', '\r\n')].some((text) => sha256(text) === checksum)
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
