import type { Fact } from '../fact.ts'
import type { LogReader } from '../log/index.ts'
import { createTurns } from '../turns.ts'
import type { HubFigures } from './figures.ts'
import type { Patient } from './patient.ts'

/** Pages of the log. Those who want the same one at the same time share it. */
export interface SharedReads {
  read(stream: string, after: number, limit: number, then: (facts: readonly Fact[]) => void): void
}

/** So many at a time: a hub that catches up must leave connections of the pool to everybody else. */
const MOST_AT_ONCE = 4

export function createSharedReads(
  reader: Pick<LogReader, 'readAfter'>,
  patient: Patient,
  figures: HubFigures,
): SharedReads {
  const waiting = new Map<string, ((facts: readonly Fact[]) => void)[]>()
  const inTurn = createTurns(MOST_AT_ONCE)

  return {
    read(stream, after, limit, then) {
      const page = `${after} ${limit} ${stream}`
      const others = waiting.get(page)
      if (others) {
        others.push(then)
        return
      }
      waiting.set(page, [then])
      patient.ask(
        () =>
          inTurn(() => {
            figures.pagesRead += 1
            return reader.readAfter(stream, after, limit)
          }),
        (facts) => {
          const all = waiting.get(page) ?? []
          waiting.delete(page)
          for (const one of all) one(facts)
        },
      )
    },
  }
}
