import { checkLog } from './check-log.ts'
import { checkReader } from './check-reader.ts'
import type { LoggedFact, RunHistory, Violation } from './history.ts'

/** Everything that is wrong with a run. Nothing, when all that was promised was kept. */
export function checkHistory({ log, writes, readers, losses }: RunHistory): Violation[] {
  const streams = byStream(log)
  const losable = new Set(
    writes
      .filter((write) => losses.some(({ from, until }) => write.endedAt >= from && write.begunAt <= until))
      .map(({ mark }) => mark),
  )
  return [
    ...checkLog({ streams, writes, losable }),
    ...readers.flatMap((reader) => checkReader(reader, streams.get(reader.stream) ?? [], losable)),
  ]
}

/** Each stream's facts in their order. */
function byStream(log: readonly LoggedFact[]): Map<string, LoggedFact[]> {
  const streams = Map.groupBy(log, ({ stream }) => stream)
  for (const facts of streams.values()) facts.sort((one, other) => one.seq - other.seq)
  return streams
}
