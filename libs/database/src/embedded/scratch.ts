import { access, chmod, constants, mkdir, mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { silentLogger } from '@courtside/logger'
import { canWrite, isRoot, nobody } from './database-user.ts'
import { findHome } from './home.ts'
import { settlePreviousRun } from './previous-run.ts'
import { describeProcess } from './process-table.ts'

const MEMORY = '/dev/shm'
const LEAST_MEMORY = 1024 ** 3
/** The pid of the process that made it stands in a folder's name. */
const NAME = /^courtside-(\d+)-/

/** A new private folder for a throw-away cluster: in memory if there is room, where databases clone some 30 times faster. */
export async function inScratch(): Promise<string> {
  const base = await removableBase((await isRoomy(MEMORY)) ? MEMORY : tmpdir())
  await sweep(base)
  return mkdtemp(path.join(base, `courtside-${process.pid}-`))
}

async function isRoomy(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK)
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize > LEAST_MEMORY
  } catch {
    return false // There is none, or it is closed to us.
  }
}

/** Should we be killed, it is the database user who removes the folder, so its parent must let that user do so. */
async function removableBase(base: string): Promise<string> {
  if (!isRoot() || canWrite(nobody(), base)) return base
  const shared = path.join(base, 'courtside')
  await mkdir(shared, { recursive: true })
  await chmod(shared, 0o1777)
  return shared
}

/** A process killed before its Postgres was supervised, or together with the supervisor, leaves its folder behind. */
async function sweep(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    const owner = Number(NAME.exec(name)?.[1])
    const folder = path.join(base, name)
    if (Number.isNaN(owner) || (await describeProcess(owner)) !== undefined || !(await isOurs(folder)))
      continue
    await settlePreviousRun(await findHome(folder), silentLogger)
    await rm(folder, { recursive: true, force: true })
  }
}

async function isOurs(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined)
  return found !== undefined && (isRoot() || found.uid === process.getuid?.())
}
