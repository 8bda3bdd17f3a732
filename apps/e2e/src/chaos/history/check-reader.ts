import type { Delivery, LoggedFact, Reader, Violation } from './history.ts'

/**
 * Whether a reader was given its stream from where it began: in order, nothing twice, nothing left out but where it
 * was told so. `facts` is the whole stream in its order; `losable` are marks of what a restore may have taken away.
 */
export function checkReader(
  reader: Reader,
  facts: readonly LoggedFact[],
  losable: ReadonlySet<string>,
): Violation[] {
  const places = new Map(facts.map(({ mark, seq }) => [mark, seq]))
  const isToldOfGapAfter = (index: number) =>
    reader.deliveries.slice(index).some((delivery) => delivery.kind === 'snapshot' && delivery.gap)
  const violations: Violation[] = []
  const report = (rule: Violation['rule'], detail: string) =>
    violations.push({ rule, detail: `${reader.name} of ${reader.stream}: ${detail}` })

  /** The number of what it was given last; null while it has nothing. */
  let last: number | null = null
  for (const [index, delivery] of reader.deliveries.entries()) {
    const { mark } = delivery
    const seq = mark === null ? (delivery.kind === 'snapshot' ? 0 : undefined) : places.get(mark)
    const at = `${describe(delivery)} at ${index}`
    if (seq === undefined) {
      const wasTakenBack = mark !== null && losable.has(mark) && isToldOfGapAfter(index)
      if (!wasTakenBack) report('reader was given what is not in the log', at)
      continue
    }
    if (delivery.kind === 'snapshot') {
      if (last !== null && !delivery.gap && seq !== last)
        report(jump(seq, last), `${at}, ${seq} after ${last}`)
      if (delivery.gap && losable.size === 0) report('reader was told of a gap that is none', at)
      last = seq
      continue
    }
    if (last === null) report('reader began without a snapshot', at)
    else if (seq !== last + 1) report(jump(seq, last), `${at}, ${seq} after ${last}`)
    last = last === null ? seq : Math.max(last, seq)
  }

  const end = facts.at(-1)?.seq ?? 0
  if (last === null || last < end) report('reader did not reach the end', `${last ?? 'nothing'} of ${end}`)
  return violations
}

function jump(seq: number, last: number): Violation['rule'] {
  if (seq === last) return 'reader was given a fact twice'
  return seq < last ? 'reader was given facts out of order' : 'reader missed facts'
}

const describe = ({ kind, mark }: Delivery) => `${kind} ${mark ?? 'of before'}`
