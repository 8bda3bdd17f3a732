import { median } from '../median.ts'
import type { FanoutFigures, FanoutOutcome } from '../report/index.ts'
import type { Turn } from './measure-turn.ts'

/** Of one contender, over the rounds. */
export interface Turns {
  readonly steady: Turn[]
  readonly burst: Turn[]
  readonly atPeerRate: Turn[]
}

/** `rate` is that of the third way of events. */
export function toOutcome(
  turns: Turns | undefined,
  rate: number | null,
  fault: string | null,
): FanoutOutcome {
  if (fault !== null) return { fault }
  const wrong = turns && [...turns.steady, ...turns.burst, ...turns.atPeerRate].find((turn) => turn.wrong > 0)
  if (wrong) return { fault: wrong.complaint ?? 'it delivers what is wrong' }
  return {
    steady: toFigures(turns?.steady ?? []),
    burst: toFigures(turns?.burst ?? []),
    rate,
    atPeerRate: toFigures(turns?.atPeerRate ?? []),
  }
}

/** Medians, but everything that was ever lost. Null of what was not measured. */
function toFigures(turns: readonly Turn[]): FanoutFigures | null {
  if (turns.length === 0) return null
  const middle = (pick: (turn: Turn) => number | null) => {
    const known = turns.map(pick).filter((figure) => figure !== null)
    return known.length > 0 ? median(known) : null
  }
  const cpus = turns.map(({ cpuUs }) => cpuUs).filter((cpuUs) => cpuUs !== null)
  return {
    cpuUs: middle(({ cpuUs }) => cpuUs),
    leastCpuUs: cpus.length > 0 ? Math.min(...cpus) : null,
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p95Ms: middle(({ p95Ms }) => p95Ms),
    p99Ms: middle(({ p99Ms }) => p99Ms),
    delivered: turns.reduce((sum, turn) => sum + turn.delivered, 0),
    undelivered: turns.reduce((sum, turn) => sum + turn.undelivered, 0),
    residentMb: turns.at(-1)?.residentMb ?? null,
  }
}
