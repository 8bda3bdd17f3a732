import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { errorCode } from '../error-code.ts'

export interface ProcessEntry {
  parent: number
  command: string
  /** Dead, but not yet collected by its parent: it still has a pid and holds nothing else. */
  zombie: boolean
}

const run = promisify(execFile)

/** Undefined when no process has this pid. */
export async function describeProcess(pid: number): Promise<ProcessEntry | undefined> {
  if (!exists(pid)) return undefined
  switch (process.platform) {
    case 'linux':
      return fromProc(pid)
    case 'win32':
      return fromWindows(pid)
    default:
      return fromPs(pid)
  }
}

const LOOK_EVERY_MS = 50

/** Whether it ended in time. */
export async function untilGone(pid: number, limitMs = Infinity): Promise<boolean> {
  for (const until = performance.now() + limitMs; performance.now() < until; await delay(LOOK_EVERY_MS)) {
    const found = await describeProcess(pid)
    if (found === undefined || found.zombie) return true
  }
  return false
}

/** A process that is gone already needs no signal. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return errorCode(error) === 'EPERM'
  }
}

/** Slim containers have no `ps`. */
async function fromProc(pid: number): Promise<ProcessEntry | undefined> {
  try {
    const [stat, command] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ])
    // The name, in parentheses, may itself hold spaces and parentheses.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(parent), command: command.replaceAll('\0', ' '), zombie: state === 'Z' }
  } catch {
    return undefined // It ended while we looked.
  }
}

async function fromPs(pid: number): Promise<ProcessEntry | undefined> {
  const { stdout } = await run('ps', ['-ww', '-o', 'ppid=,stat=,args=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }))
  const found = /^\s*(\d+)\s+(\S+)\s+(.*)$/s.exec(stdout)
  if (found === null) return undefined
  const [, parent, state = '', command = ''] = found
  return { parent: Number(parent), command, zombie: state.startsWith('Z') }
}

async function fromWindows(pid: number): Promise<ProcessEntry | undefined> {
  const query = `Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}' | ForEach-Object { "$($_.ParentProcessId) $($_.CommandLine)" }`
  const { stdout } = await run('powershell', ['-NoProfile', '-Command', query]).catch(() => ({ stdout: '' }))
  const found = /^(\d+) (.*)$/s.exec(stdout.trim())
  if (found === null) return undefined
  return { parent: Number(found[1]), command: found[2] ?? '', zombie: false }
}
