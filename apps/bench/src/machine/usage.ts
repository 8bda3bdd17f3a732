import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cpuMsIn, residentMbIn } from './proc-text.ts'

export interface Usage {
  cpuMs: number
  residentMb: number
}

/** Elsewhere nothing tells the processor time of another process. */
export const canMeasureCpu = existsSync('/proc/self/stat')

/** Of a process and all its children, and theirs. Throws when there is no such process. */
export function usageOf(pid: number): Usage {
  const own = {
    cpuMs: cpuMsIn(readFileSync(`/proc/${pid}/stat`, 'utf8')),
    residentMb: residentMbIn(readFileSync(`/proc/${pid}/status`, 'utf8')),
  }
  return childrenOf(pid)
    .map((child) => unlessEnded(() => usageOf(child)))
    .filter((usage) => usage !== null)
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
  return readdirSync(threads).flatMap((thread) => {
    const children = unlessEnded(() => readFileSync(`${threads}/${thread}/children`, 'utf8'))
    return (children ?? '').split(' ').filter(Boolean).map(Number)
  })
}

/** Processes and threads may end between being listed and being looked at. */
function unlessEnded<Result>(look: () => Result): Result | null {
  try {
    return look()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return null
    throw error
  }
}
