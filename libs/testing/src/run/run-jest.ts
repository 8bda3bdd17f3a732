import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { environmentWith } from './env.ts'

export interface Totals {
  passed: number
  failed: number
  skipped: number
}

export interface JestRun {
  exitCode: number
  /** Absent when jest ended before it could count: a wrong option, a crash, an interruption. */
  totals: Totals | undefined
}

const jest = createRequire(import.meta.url).resolve('jest/bin/jest')
const leash = new URL('../jest-leash.mjs', import.meta.url)
const config = fileURLToPath(new URL('../../jest.config.mjs', import.meta.url))
const filter = fileURLToPath(new URL('../jest-selected.cjs', import.meta.url))

/**
 * Runs these test files with jest, in a process group of its own, so that its workers and all that the tests have started can be ended
 * together: when `interrupted` fires, when jest dies, and (see jest-leash.mjs) when this process dies.
 */
export async function runJest(
  files: readonly string[],
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  interrupted: AbortSignal,
): Promise<JestRun> {
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      `--import=${leash.href}`,
      jest,
      `--config=${config}`,
      `--filter=${filter}`,
      ...args,
    ],
    {
      // The variable is there when a test runs jest; the jest it starts is no worker.
      env: environmentWith({
        ...environment,
        ...plainUnlessSeen(),
        COURTSIDE_TEST_FILES: JSON.stringify(files),
        JEST_WORKER_ID: undefined,
      }),
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  )
  let totals: Totals | undefined
  child.on('message', (message) => {
    totals = message as Totals
  })
  interrupted.addEventListener('abort', () => endGroup(child), { once: true })
  if (interrupted.aborted) endGroup(child)

  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
  endGroup(child)
  return { exitCode, totals }
}

/** Some of jest's parts colour what they print wherever `CI` is set; a log file is not a terminal. */
function plainUnlessSeen(): Record<string, string> {
  return process.stderr.isTTY ? {} : { NO_COLOR: '1' }
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  if (process.platform === 'win32') {
    child.kill('SIGKILL')
    return
  }
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    // The group is empty: nothing was left behind.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
