import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cpuMsIn, residentMbIn } from './proc-text.ts'

export interface Usage {
  cpuMs: number
  residentMb: number
}

/** Elsewhere nothing tells the processor time of another process. */
export const canMeasureCpu = existsSync('/proc/self/stat')

/** Of a process and all its children, and theirs. */
export function usageOf(pid: number): Usage {
  const own = {
    cpuMs: cpuMsIn(readFileSync(`/proc/${pid}/stat`, 'utf8')),
    residentMb: residentMbIn(readFileSync(`/proc/${pid}/status`, 'utf8')),
  }
  return childrenOf(pid)
    .map(usageOf)
    .reduce(
      (sum, child) => ({
        cpuMs: sum.cpuMs + child.cpuMs,
        residentMb: sum.residentMb + child.residentMb,
      }),
      own,
    )
}

function childrenOf(pid: number): number[] {
  const threads = `/proc/${pid}/task`
  return readdirSync(threads).flatMap((thread) =>
    readFileSync(`${threads}/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
}
