import { rm, stat } from 'node:fs/promises'
import { StartupError } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import { type Home, toFolderError } from './home.ts'
import { type PostmasterFile, postmasterFile, readPostmasterFile } from './postmaster-file.ts'
import { describeProcess, type ProcessEntry, signalProcess, untilGone } from './process-table.ts'
import { MARK } from './supervisor.ts'

/** What an earlier start left behind in this data folder. */
export type PreviousRun =
  | { state: 'nothing' }
  /** A pid that belongs to no process, or to none of ours any more. */
  | { state: 'stale-file'; postmaster: PostmasterFile; blocksPostgres: boolean }
  /** Its owner is alive. */
  | { state: 'in-use'; postmaster: PostmasterFile; owner: number }
  /** Its owner has died: it is about to stop, or nothing is left that would stop it. */
  | { state: 'orphan'; postmaster: PostmasterFile }

const STOP_LIMIT_MS = 15_000
const IMMEDIATE_STOP_LIMIT_MS = 5_000

export async function inspectPreviousRun(home: Home): Promise<PreviousRun> {
  const postmaster = await readPostmasterFile(home.data)
  if (postmaster === undefined) return { state: 'nothing' }
  const found = await describeProcess(postmaster.pid)
  if (found === undefined) return { state: 'stale-file', postmaster, blocksPostgres: false }
  // Postgres takes any living pid for a rival: one that was reused after a reboot, or a zombie nobody collects.
  if (found.zombie || !(await isPostgresOf(home, postmaster.pid, found))) {
    return { state: 'stale-file', postmaster, blocksPostgres: true }
  }

  const supervisor = await describeProcess(found.parent)
  const owner = Number(new RegExp(`${MARK} (\\d+) `).exec(supervisor?.command ?? '')?.[1])
  // A process whose parent died is handed to another: the pid it was told tells the two cases apart.
  return supervisor !== undefined && supervisor.parent === owner
    ? { state: 'in-use', postmaster, owner }
    : { state: 'orphan', postmaster }
}

/** When in doubt it is: the file of a living Postgres must never be removed. */
async function isPostgresOf(home: Home, pid: number, found: ProcessEntry): Promise<boolean> {
  if (!found.command.includes('postgres')) return false
  if (process.platform !== 'linux') return found.command.includes(home.data)
  // Postgres works in its data folder, whatever path that was given as.
  const [itsFolder, ours] = await Promise.all([
    stat(`/proc/${pid}/cwd`).catch(() => undefined),
    stat(home.data),
  ])
  return itsFolder === undefined || (itsFolder.dev === ours.dev && itsFolder.ino === ours.ino)
}

/** Makes way for a new start, or says why there is none. */
export async function settlePreviousRun(home: Home, log: Logger): Promise<void> {
  const previous = await inspectPreviousRun(home)
  switch (previous.state) {
    case 'nothing':
      return
    case 'stale-file':
      if (previous.blocksPostgres) await removeStaleFile(home, previous.postmaster)
      return
    case 'in-use':
      throw new StartupError(
        `The database in ${home.directory} is already running on port ${previous.postmaster.port}, started by process ${previous.owner}.\n` +
          'Stop that process first.',
      )
    case 'orphan':
      log.warn({ pid: previous.postmaster.pid }, 'Stopping the Postgres that an earlier run left behind')
      await stopOrphan(home, previous.postmaster.pid)
  }
}

/** Looks again just before: somebody else may have started Postgres here meanwhile. */
async function removeStaleFile(home: Home, stale: PostmasterFile): Promise<void> {
  const now = await readPostmasterFile(home.data)
  if (now?.pid === stale.pid) await rm(postmasterFile(home.data), { force: true })
}

async function stopOrphan(home: Home, pid: number): Promise<void> {
  try {
    signalProcess(pid, 'SIGINT')
    if (await untilGone(pid, STOP_LIMIT_MS)) return
    signalProcess(pid, 'SIGQUIT')
    if (await untilGone(pid, IMMEDIATE_STOP_LIMIT_MS)) return
  } catch (error) {
    throw toFolderError(error, home.directory)
  }
  throw new StartupError(
    `A Postgres left behind by an earlier run (process ${pid}) does not stop, and it holds ${home.directory}.\nEnd that process, then try again.`,
  )
}
