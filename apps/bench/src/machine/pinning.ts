import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { canMeasureCpu } from './usage.ts'
import { allowedCpusIn } from './proc-text.ts'

/** Who runs on which processor, so that what is measured shares its own with nothing. */
export interface Pinning {
  /** For people. */
  readonly description: string
  /** What to put before a command that is to be measured. */
  readonly prefix: readonly string[]
}

/**
 * Keeps one processor for what is measured, and moves this process, and so all that it starts otherwise, to the others.
 */
export function pinProcessors(): Pinning {
  const cpus = canMeasureCpu ? allowedCpusIn(readFileSync('/proc/self/status', 'utf8')) : []
  const [measured, ...others] = cpus
  if (measured === undefined || others.length === 0) {
    return { description: 'Nothing is pinned: this needs Linux and two processors.', prefix: [] }
  }
  if (spawnSync('taskset', ['--version']).error) {
    return { description: 'Nothing is pinned: there is no taskset (of util-linux) here.', prefix: [] }
  }
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', others.join(','), String(process.pid)])
  return {
    description: `What is measured has processor ${measured} to itself; load and subgraphs have ${others.join(', ')}.`,
    prefix: ['taskset', '--cpu-list', String(measured)],
  }
}
