import { FAULT_NAMES, type FaultName } from '../faults/index.ts'
import { createSeededRandom } from '../seeded-random.ts'

export interface PlannedFault {
  fault: FaultName
  /** After the one before it in its lane was mended. */
  pauseMs: number
}

export interface ScheduleOptions {
  seed: number
  /** Default: all of them. */
  only?: readonly FaultName[]
  /** Each fault comes at least once; more of them, in another order, until their number is reached. Default: once each. */
  atLeast?: number
}

const PAUSE_MS = { least: 200, most: 1_200 }

/** What takes part of the log away comes last: what was lost can only be told when nothing is lost after it. */
const LAST: FaultName = 'restoreBackup'

/** The same for the same seed and options. */
export function planFaults({ seed, only = FAULT_NAMES, atLeast = 0 }: ScheduleOptions): PlannedFault[] {
  const random = createSeededRandom(seed)
  const repeatable = only.filter((fault) => fault !== LAST)
  const order: FaultName[] = []
  do order.push(...random.shuffled(repeatable))
  while (repeatable.length > 0 && order.length < atLeast)
  if (only.includes(LAST)) order.push(LAST)
  return order.map((fault) => ({
    fault,
    pauseMs: PAUSE_MS.least + random.below(PAUSE_MS.most - PAUSE_MS.least),
  }))
}
