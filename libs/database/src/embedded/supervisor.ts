import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { DatabaseUser } from './database-user.ts'
import { postgresEnvironment } from './env.ts'
import { firstLine } from './first-line.ts'
import { signalProcess, untilGone } from './process-table.ts'

export interface SupervisedOptions {
  command: string
  args: string[]
  user: DatabaseUser | undefined
  /** What the command gets when it is to stop, or when this process has died. */
  stopSignal: 'TERM' | 'INT' | 'QUIT'
  /** Removed when the command was stopped or this process died, but not when the command ended by itself. */
  scratch?: string | undefined
  /** Takes everything the command prints. */
  logFile: string
}

export interface Supervised {
  /** Undefined when the command could not even be started; `ended` then says so. */
  pid: number | undefined
  /** The exit code; fulfils when the command has ended, whatever ended it. */
  ended: Promise<number>
  /** Asks the command to end; `ended` says when it has. */
  stop(): void
}

/** The exit code when there is none to be had. */
const KILLED = 137

/** Seen in the process table, and looked for there by previous-run.ts. */
export const MARK = 'courtside-postgres'

/** Starts a command that cannot outlive this process: see supervisor.sh, and supervisor.windows.ts. */
export async function supervise(options: SupervisedOptions): Promise<Supervised> {
  const [file, ...args] = await supervisorCommand(options)
  const log = await open(options.logFile, 'a', 0o600)
  const settings: SpawnOptions = {
    ...options.user,
    cwd: path.parse(process.cwd()).root,
    env: postgresEnvironment(),
    stdio: ['pipe', 'pipe', log.fd],
    // A session of its own: Ctrl-C in a terminal reaches us alone, and we drain before the database goes.
    detached: true,
    windowsHide: true,
  }
  try {
    const supervisor = spawn(file, args, settings)
    await once(supervisor, 'spawn')
    return await own(supervisor, options.stopSignal)
  } finally {
    await log.close()
  }
}

async function own(
  supervisor: ChildProcess,
  stopSignal: SupervisedOptions['stopSignal'],
): Promise<Supervised> {
  const { stdin, stdout } = supervisor
  if (stdin === null || stdout === null) throw new Error('The supervisor has no pipes')
  stdin.on('error', () => {}) // It has ended already: nothing is left to be told.
  const exitCode = new Promise<number | null>((resolve) => supervisor.once('exit', resolve))
  const line = await firstLine(stdout)
  const pid = line === undefined ? undefined : Number(line)

  const ended = exitCode.then(async (code) => {
    if (code !== null) return code
    // Somebody killed the supervisor itself: what it would have done is ours to do.
    if (pid !== undefined) {
      signalProcess(pid, `SIG${stopSignal}`)
      await untilGone(pid)
    }
    return KILLED
  })
  return { pid, ended, stop: () => stdin.end() }
}

async function supervisorCommand(options: SupervisedOptions): Promise<[string, ...string[]]> {
  const { command, args, stopSignal, scratch = '' } = options
  const told = [MARK, String(process.pid), stopSignal, scratch, command, ...args]
  if (process.platform === 'win32')
    return [process.execPath, path.join(import.meta.dirname, 'supervisor.windows.ts'), ...told]
  // As text, because the database user may not be able to read our files.
  return ['sh', '-c', await readFile(path.join(import.meta.dirname, 'supervisor.sh'), 'utf8'), ...told]
}
