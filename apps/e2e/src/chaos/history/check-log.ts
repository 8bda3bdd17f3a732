import type { LoggedFact, Violation, Write } from './history.ts'

interface WrittenLog {
  streams: ReadonlyMap<string, readonly LoggedFact[]>
  writes: readonly Write[]
  /** Marks of writes that a restore may have taken away. */
  losable: ReadonlySet<string>
}

/** Whether the log holds what the writers were told, and nothing else. */
export function checkLog({ streams, writes, losable }: WrittenLog): Violation[] {
  const placesOf = Map.groupBy(
    [...streams.values()].flat().filter(({ mark }) => mark !== null),
    ({ mark }) => mark,
  )
  const known = new Set(writes.map(({ mark }) => mark))
  return [
    ...[...streams].flatMap(([stream, facts]) => density(stream, facts)),
    ...[...placesOf.keys()]
      .filter((mark) => mark !== null && !known.has(mark))
      .map((mark): Violation => ({ rule: 'fact of no write', detail: String(mark) })),
    ...writes.flatMap((write) => effect(write, placesOf.get(write.mark) ?? [], losable.has(write.mark))),
    ...[...streams.values()].flatMap((facts) => realTimeOrder(facts, writes)),
  ]
}

function effect(write: Write, places: readonly LoggedFact[], isLosable: boolean): Violation[] {
  const { mark, outcome, stream } = write
  const where = places.map((place) => `${place.stream} ${place.seq}`).join(', ')
  const violations: Violation[] = []
  if (places.length > 1) {
    violations.push({ rule: 'write took effect twice', detail: `${mark}: ${where}` })
  }
  if (outcome === 'failed' && places.length > 0) {
    violations.push({ rule: 'refused write took effect', detail: `${mark}: ${where}` })
  }
  if (outcome === 'ok' && places.length === 0 && !isLosable) {
    violations.push({ rule: 'acknowledged write is missing', detail: mark })
  }
  if (stream !== null && places.some((place) => place.stream !== stream)) {
    violations.push({ rule: 'write in the wrong stream', detail: `${mark}: ${where} in place of ${stream}` })
  }
  return violations
}

/** 1, 2, 3 … */
function density(stream: string, facts: readonly LoggedFact[]): Violation[] {
  const wrong = facts.findIndex(({ seq }, index) => seq !== index + 1)
  if (wrong === -1) return []
  return [{ rule: 'stream is not dense', detail: `${stream}: ${facts[wrong]?.seq} in place of ${wrong + 1}` }]
}

/** What was answered before another began stands before it: each stream is one linearizable list. */
function realTimeOrder(facts: readonly LoggedFact[], writes: readonly Write[]): Violation[] {
  const byMark = new Map(writes.map((write) => [write.mark, write]))
  const violations: Violation[] = []
  let latest: Write | undefined
  for (const { mark, seq, stream } of facts) {
    const write = mark === null ? undefined : byMark.get(mark)
    // A write that was not answered may have taken effect at any time since.
    if (!write) continue
    if (latest && write.outcome === 'ok' && write.endedAt < latest.begunAt) {
      violations.push({
        rule: 'later write stands before an earlier one',
        detail: `${stream} ${seq}: ${mark} had been answered before ${latest.mark} began`,
      })
    }
    if (!latest || write.begunAt > latest.begunAt) latest = write
  }
  return violations
}
