import type { Logger } from '@courtside/logger'
import type { Fact } from '../fact.ts'
import type { Head } from '../log/index.ts'
import type { HubFigures } from './figures.ts'
import {
  LARGEST_BATCH,
  type Position,
  type StartingPoint,
  type StreamEvent,
  type StreamListener,
} from './stream-event.ts'

/**
 * - `waiting`: for the stream's head, which tells whether `from` is a place of it. `isAsked` once the log is being asked.
 * - `replay`: behind the stream, taking what it missed from the ring or, a page at a time, from the log.
 * - `live`: has everything, and is handed each new fact.
 * - `parked`: has said that it is full.
 */
type Phase =
  | { readonly at: 'waiting'; readonly from: StartingPoint; isAsked: boolean }
  | { readonly at: 'replay' }
  | { readonly at: 'live' }
  | { readonly at: 'parked' }
  | { readonly at: 'ended' }

/** The stream, as its subscribers see it. */
export interface Source {
  readonly isCold: boolean
  readonly epoch: number
  readonly last: number
  readonly floor: number
  askHead(): void
  /** From the ring; null when it does not reach back that far. */
  recent(after: number, most: number): Fact[] | null
  /** From the log; `then` is not called when the stream was reset meanwhile. */
  read(after: number, then: (facts: readonly Fact[]) => void): void
  /** Calls `run` after a short while, unless the stream was reset meanwhile. */
  soon(run: () => void): void
}

export interface SubscriberOptions {
  source: Source
  from: StartingPoint
  listener: StreamListener
  figures: HubFigures
  log: Logger
  onEnded(): void
}

/** One reader of a stream, at its own place. */
export interface Subscriber {
  readonly phase: Phase['at']
  /** After the last fact that it was told; null until its place is known. */
  readonly position: Position | null
  start(): void
  resume(): void
  end(event?: StreamEvent): void
  /** The stream moved on. `event` holds the same facts, for all who take them as they are. */
  moved(facts: readonly Fact[], event: StreamEvent): void
  lost(through: number): void
  reset(): void
  asked(): void
  head(head: Head): void
}

export function createSubscriber(options: SubscriberOptions): Subscriber {
  const { source, listener, figures, log, onEnded } = options
  let phase: Phase = { at: 'waiting', from: options.from, isAsked: false }
  let position: { epoch: number; seq: number } | null = null

  const isAt = (at: Phase['at']) => phase.at === at

  const end = () => {
    if (isAt('ended')) return
    phase = { at: 'ended' }
    onEnded()
  }

  const tell = (event: StreamEvent) => {
    try {
      if (listener(event) === 'full' && !isAt('ended')) phase = { at: 'parked' }
    } catch (error) {
      // Its fault must not cost the other subscribers their fact.
      figures.listenerFailures += 1
      log.error({ err: error }, 'A listener of a stream failed, and is told no more')
      end()
    }
  }

  const isTaking = () => isAt('live') || isAt('replay')

  /** Those of `facts` that come next, in batches, until it is full. A hole before them is told first. */
  const advance = (facts: readonly Fact[]) => {
    let next = facts.findIndex(({ seq }) => seq > (position?.seq ?? 0))
    while (next >= 0 && next < facts.length && position && isTaking()) {
      const batch = facts.slice(next, next + LARGEST_BATCH)
      const before = (batch[0] as Fact).seq - 1
      if (before > position.seq) {
        skipTo(before)
        continue
      }
      next += batch.length
      position = { epoch: source.epoch, seq: before + batch.length }
      tell({ kind: 'facts', facts: batch })
    }
  }

  const skipTo = (through: number) => {
    if (!position) return
    const after = position.seq
    position = { epoch: source.epoch, seq: through }
    tell({ kind: 'gap', after, through })
  }

  /** Until it has what the stream has, is full, or has to wait for the log. */
  const replay = () => {
    while (isAt('replay') && position) {
      // Ahead of it, when another hub was quicker. What it has is dropped as it arrives here.
      if (position.seq >= source.last) {
        phase = { at: 'live' }
        return
      }
      const recent = source.recent(position.seq, LARGEST_BATCH)
      if (recent) advance(recent)
      // Retention may have passed it since it took its place: a log without what it asks for answers with nothing.
      else if (position.seq < source.floor) skipTo(source.floor)
      else return source.read(position.seq, advanceFromLog)
    }
  }

  const advanceFromLog = (facts: readonly Fact[]) => {
    if (!isAt('replay') || !position) return
    const last = facts.at(-1)
    // Shorter than the stream, or of another epoch: the log has gone back, which its head will tell.
    if (!last || last.seq <= position.seq || last.epoch !== source.epoch) {
      source.askHead()
      return source.soon(replay)
    }
    advance(facts)
    replay()
  }

  const takePlace = (place: Position) => {
    position = { ...place }
    phase = { at: 'replay' }
    if (position.seq < source.floor) skipTo(source.floor)
    replay()
  }

  /** Null when the log has to be asked first. */
  const placeOf = (from: StartingPoint): Position | null => {
    const { isCold, epoch, last } = source
    if (isCold) return null
    if (from === 'live') return { epoch, seq: last }
    if (from === 'start' || from.seq === 0) return { epoch, seq: 0 }
    // Else it may be ahead only of what this process knows.
    return from.epoch === epoch && from.seq <= last ? from : null
  }

  const begin = (from: StartingPoint) => {
    const place = placeOf(from)
    if (place) return takePlace(place)
    phase = { at: 'waiting', from, isAsked: false }
    source.askHead()
  }

  const resetTo = (head: Position) => {
    position = { epoch: head.epoch, seq: head.seq }
    phase = { at: 'replay' }
    tell({ kind: 'reset', head: { ...position } })
    replay()
  }

  return {
    get phase() {
      return phase.at
    },
    get position() {
      return position
    },
    start() {
      if (phase.at === 'waiting') begin(phase.from)
    },
    resume() {
      // Its place is looked at anew: the stream may have been reset or cut while it was parked.
      if (isAt('parked') && position) begin(position)
    },
    end(event) {
      if (event && !isAt('ended')) tell(event)
      end()
    },
    moved(facts, event) {
      if (!isAt('live') || !position) return
      const [first] = facts
      if (facts.length > LARGEST_BATCH || first?.seq !== position.seq + 1) return advance(facts)
      position.epoch = first.epoch
      position.seq += facts.length
      tell(event)
    },
    lost(through) {
      if (isTaking() && position && position.seq < through) skipTo(through)
    },
    reset() {
      if (isTaking()) resetTo({ epoch: source.epoch, seq: source.last })
    },
    asked() {
      if (phase.at === 'waiting') phase.isAsked = true
    },
    head(head) {
      // A head that was read before it came may be behind its place.
      if (phase.at !== 'waiting' || !phase.isAsked) return
      const { from } = phase
      const place = placeOf(from)
      if (place) return takePlace(place)
      if (from === 'live' || from === 'start') return
      if (from.epoch === head.epoch && from.seq <= head.seq) return takePlace(from)
      resetTo(head)
    },
  }
}
