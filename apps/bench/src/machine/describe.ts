import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import path from 'node:path'

export interface Machine {
  system: string
  processor: string
  processors: number
  memoryGb: number
  node: string
  /** What was measured: the last commit, and whether there were changes beside it. */
  revision: string | null
}

const root = path.resolve(import.meta.dirname, '../../../..')

export function describeMachine(): Machine {
  return {
    system: `${type()} ${release()} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    processors: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    revision: revision(),
  }
}

function revision(): string | null {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--exclude=*'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return null // Not a clone, or no git.
  }
}
