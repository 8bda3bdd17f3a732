/** What the files of Linux below /proc say. */

/** The kernel tells times of processes in hundredths of a second, whatever its own clock is. */
const MS_PER_TICK = 10

/** Time on a processor, of user and system together, from `/proc/<pid>/stat`. */
export function cpuMsIn(stat: string): number {
  // The second field is the name of the program, in brackets, and may itself hold brackets and spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [utime, stime] = [Number(fields[11]), Number(fields[12])]
  if (!Number.isInteger(utime) || !Number.isInteger(stime)) throw new Error(`This is no stat file: ${stat}`)
  return (utime + stime) * MS_PER_TICK
}

/** Resident memory in MB, from `/proc/<pid>/status`; 0 for a process that has none any more. */
export function residentMbIn(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024
}

/** The processors a process may run on, from `/proc/<pid>/status`: `0-2,5` are 0, 1, 2 and 5. */
export function allowedCpusIn(status: string): number[] {
  const list = /^Cpus_allowed_list:\s+(\S+)$/m.exec(status)?.[1] ?? ''
  return list
    .split(',')
    .filter(Boolean)
    .flatMap((range) => {
      const [first = NaN, last = first] = range.split('-').map(Number)
      return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    })
}
