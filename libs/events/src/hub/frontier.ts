import { type Hint, isFact } from '../bus/index.ts'
import type { Fact } from '../fact.ts'
import type { Head } from '../log/index.ts'
import type { Timers } from '../timers.ts'
import { createEarlyFacts } from './early-facts.ts'
import type { HubFigures } from './figures.ts'
import type { SharedReads } from './shared-reads.ts'

export const PAGE_SIZE = 500
/** How long a fact that came too early waits for those before it. Most come by themselves, and save 6 of 10 reads. */
const HOLD_MS = 15

/**
 * - `cold`: nobody has told yet how far the stream has come.
 * - `live`: every fact up to the last is known, and no later one has been heard of.
 * - `gap`: a later one has been heard of. Those before it are waited for (`cancelHold`), then read.
 */
type Phase =
  | { readonly at: 'cold'; hinted: number }
  | { readonly at: 'live' }
  | { readonly at: 'gap'; wanted: number; cancelHold: (() => void) | null; readonly isFoundBySweep: boolean }

export interface FrontierOptions {
  stream: string
  reads: SharedReads
  timers: Timers
  figures: HubFigures
  /** Wants `asked` and `head` to be called soon. */
  askHead(): void
  /** The next ones. */
  onFacts(facts: readonly Fact[]): void
  /** Facts up to this one are no longer kept, and had not been seen. */
  onLost(through: number): void
  /** The log is not the one that was read: another epoch, or shorter than it was. */
  onReset(): void
}

/** Puts what is heard of one stream into order, and finds what is not heard. */
export interface Frontier {
  readonly isCold: boolean
  /** 0 while the stream has no fact. */
  readonly epoch: number
  readonly last: number
  readonly floor: number
  hint(hint: Hint): void
  /** The heads are about to be read. */
  asked(): void
  head(head: Head | null): void
  close(): void
}

const NOTHING: Head = { epoch: 0, seq: 0, floor: 0 }
const LIVE: Phase = { at: 'live' }

export function createFrontier(options: FrontierOptions): Frontier {
  const { stream, reads, timers, figures, askHead, onFacts, onLost, onReset } = options
  const early = createEarlyFacts()
  let phase: Phase = { at: 'cold', hinted: 0 }
  let tip = { ...NOTHING }
  let lastWhenAsked = 0
  /** Reads that were begun before the last reset are of another log. */
  let generation = 0

  const leaveGap = () => {
    if (phase.at === 'gap') phase.cancelHold?.()
    phase = LIVE
  }

  const deliver = (facts: readonly Fact[]) => {
    tip.seq += facts.length
    figures.facts += facts.length
    onFacts(facts)
    const next = early.takeAfter(tip.seq)
    if (next.length > 0) return deliver(next)
    if (phase.at === 'gap' && tip.seq >= phase.wanted) leaveGap()
  }

  const lose = (through: number) => {
    tip.seq = through
    onLost(through)
  }

  const read = () => {
    const mine = generation
    figures.gapsRead += 1
    if (phase.at === 'gap') {
      phase.cancelHold = null
      if (phase.isFoundBySweep) figures.foundBySweep += 1
    }
    reads.read(stream, tip.seq, PAGE_SIZE, (facts) => {
      if (mine === generation) take(facts)
    })
  }

  const take = (facts: readonly Fact[]) => {
    // Hints may have brought some of them meanwhile.
    const fresh = facts.filter(({ seq }) => seq > tip.seq)
    const [first] = fresh
    if (!first) {
      if (phase.at !== 'gap' || phase.cancelHold) return
      // The log has nothing more, so whoever told of more was wrong. If not, the sweep will say so.
      early.clear()
      return leaveGap()
    }
    if (first.epoch !== tip.epoch) {
      leaveGap()
      return askHead()
    }
    if (first.seq > tip.seq + 1) lose(first.seq - 1)
    deliver(fresh)
    if (phase.at === 'gap' && !phase.cancelHold) read()
  }

  /** There is a fact of this number. */
  const seek = (seq: number, holdMs: number, isFoundBySweep: boolean) => {
    if (phase.at === 'gap') {
      phase.wanted = Math.max(phase.wanted, seq)
      return
    }
    phase = { at: 'gap', wanted: seq, cancelHold: null, isFoundBySweep }
    if (holdMs === 0) return read()
    phase.cancelHold = timers.after(holdMs, read)
  }

  const startAt = (head: Head) => {
    generation += 1
    early.clear()
    leaveGap()
    tip = { ...head }
  }

  const follow = (head: Head) => {
    // A stream that had no fact had no epoch either, so hints of its first ones were not believed.
    const isNew = tip.epoch === 0
    tip.epoch = head.epoch
    tip.floor = head.floor
    if (head.floor > tip.seq) lose(head.floor)
    // Otherwise the hint is perhaps on its way.
    if (head.seq > tip.seq) seek(head.seq, isNew ? 0 : HOLD_MS, !isNew)
  }

  return {
    get isCold() {
      return phase.at === 'cold'
    },
    get epoch() {
      return tip.epoch
    },
    get last() {
      return tip.seq
    },
    get floor() {
      return tip.floor
    },
    hint(hint) {
      const { seq, epoch } = hint
      if (phase.at === 'cold') {
        phase.hinted = Math.max(phase.hinted, seq)
      } else if (epoch !== tip.epoch) {
        // Only the log can tell which of the two is late.
        askHead()
      } else if (seq <= tip.seq) {
        figures.duplicates += 1
      } else if (isFact(hint)) {
        if (seq === tip.seq + 1) return deliver([hint])
        early.put(hint)
        seek(seq, HOLD_MS, false)
      } else {
        seek(seq, seq === tip.seq + 1 ? 0 : HOLD_MS, false)
      }
    },
    asked() {
      lastWhenAsked = tip.seq
    },
    head(found) {
      const head = found ?? NOTHING
      if (phase.at === 'cold') {
        const { hinted } = phase
        startAt(head)
        if (hinted > head.seq) askHead()
      } else if ((tip.epoch !== 0 && head.epoch !== tip.epoch) || head.seq < lastWhenAsked) {
        // Every fact that was known when the log was asked had been committed, so a shorter log has lost some.
        figures.resets += 1
        startAt(head)
        onReset()
      } else {
        follow(head)
      }
    },
    close() {
      generation += 1
      leaveGap()
    },
  }
}
