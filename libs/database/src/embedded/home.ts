import { createHash } from 'node:crypto'
import { chmod, chown, mkdir, readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { StartupError } from '@courtside/kernel'
import { canReach, type DatabaseUser, isRoot, nobody } from './database-user.ts'
import { errorCode } from '../error-code.ts'

/**
 * For what the database user must reach and the clone hides from it. Only root ever needs it. Not a temporary
 * folder: those are swept by age, and a swept data folder is a lost database.
 */
export const SYSTEM_FOLDER = '/var/lib/courtside'

/** Where a cluster lives, and as whom. Everything of it is below `directory`. */
export interface Home {
  directory: string
  data: string
  passwordFile: string
  log: string
  previousLog: string
  /** Undefined: the user that runs us. */
  user: DatabaseUser | undefined
}

const toHome = (directory: string, user: DatabaseUser | undefined): Home => ({
  directory,
  data: path.join(directory, 'data'),
  passwordFile: path.join(directory, 'superuser-password'),
  log: path.join(directory, 'postgres.log'),
  previousLog: path.join(directory, 'postgres.previous.log'),
  user,
})

/** The home of the cluster that was asked for at `wanted`; creates nothing. */
export async function findHome(wanted: string): Promise<Home> {
  const directory = await resolveLinks(path.resolve(wanted))
  if (!isRoot()) return toHome(directory, undefined)
  // Data made by an ordinary user stays theirs when root starts it once.
  const owner = await stat(path.join(directory, 'data')).catch(() => undefined)
  if (owner !== undefined && owner.uid !== 0) return toHome(directory, { uid: owner.uid, gid: owner.gid })
  const user = nobody()
  if (canReach(user, await nearestFolder(directory))) return toHome(directory, user)
  const key = createHash('sha256').update(directory).digest('hex').slice(0, 12)
  return toHome(path.join(SYSTEM_FOLDER, `cluster-${key}`), user)
}

/** Creates the folder, or takes the one that is there, and closes it to everybody else. */
export async function prepareHome(home: Home): Promise<void> {
  try {
    const outermost = await mkdir(path.dirname(home.directory), { recursive: true })
    if (outermost !== undefined && home.user !== undefined) await openTheWay(outermost, home.directory)
    await mkdir(home.directory, { recursive: true, mode: 0o700 })
    await chmod(home.directory, 0o700)
    if (home.user !== undefined) await chown(home.directory, home.user.uid, home.user.gid)
  } catch (error) {
    throw toFolderError(error, home.directory)
  }
}

const OURS = /^(data|superuser-password.*|postgres(\.previous)?\.log|initialising-.*)$/

/** A folder is closed to others, and may be deleted with all that is in it: never one that holds something else. */
export async function assertNothingElse(home: Home, throwAway: boolean): Promise<void> {
  const names = await readdir(home.directory).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return []
    throw toFolderError(error, home.directory)
  })
  const foreign = names.find((name) => throwAway || !OURS.test(name))
  if (foreign === undefined) return
  throw new StartupError(
    `${home.directory} cannot be used for a database: there is something else in it (${foreign}).\n` +
      'Give the database a folder of its own: COURTSIDE_POSTGRES_DIRECTORY names it.',
  )
}

/** A strict umask must not hide the folders that were just created from the database user. */
async function openTheWay(outermost: string, directory: string): Promise<void> {
  for (let folder = path.dirname(directory); folder.startsWith(outermost); folder = path.dirname(folder)) {
    await chmod(folder, 0o755)
  }
}

/** One folder, one name: Postgres's own command line is compared with it. */
async function resolveLinks(directory: string): Promise<string> {
  const existing = await realpath(directory).catch(() => undefined)
  if (existing !== undefined) return existing
  const parent = path.dirname(directory)
  return parent === directory ? directory : path.join(await resolveLinks(parent), path.basename(directory))
}

async function nearestFolder(directory: string): Promise<string> {
  const parent = path.dirname(directory)
  const isThere = await stat(parent).then(
    (found) => found.isDirectory(),
    () => false,
  )
  return isThere || parent === directory ? parent : nearestFolder(parent)
}

export function toFolderError(error: unknown, directory: string): unknown {
  switch (errorCode(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StartupError(
        `The database folder ${directory} cannot be used: it is not writable, or it belongs to another user.\n` +
          'Run as the user it belongs to, or give that folder to the current one.',
        { cause: error },
      )
    case 'ENOSPC':
    case 'EDQUOT':
      return new StartupError(
        `There is no space left for the database folder ${directory}.\nFree some, then try again.`,
        {
          cause: error,
        },
      )
    case 'ENOTDIR':
    case 'EEXIST':
      return new StartupError(
        `The database folder ${directory} cannot be created: a file is in its place.\nMove that file away.`,
        { cause: error },
      )
    default:
      return error
  }
}
