import type { Logger } from '@courtside/logger'
import type { Hint } from '../bus/index.ts'
import type { Fact } from '../fact.ts'
import type { Head } from '../log/index.ts'
import type { Timers } from '../timers.ts'
import type { HubFigures } from './figures.ts'
import { createFrontier, PAGE_SIZE } from './frontier.ts'
import { createRing, RING_SIZE } from './ring.ts'
import type { SharedReads } from './shared-reads.ts'
import type { StartingPoint, StreamEvent, StreamListener } from './stream-event.ts'
import { createSubscriber, type Source, type Subscriber } from './subscriber.ts'

export interface StreamOptions {
  name: string
  reads: SharedReads
  timers: Timers
  figures: HubFigures
  log: Logger
  askHead(): void
}

/** What one process knows of a stream: how far it is, its last facts, and who reads it. */
export interface Stream {
  subscribe(from: StartingPoint, listener: StreamListener): Subscriber
  counts(): { readonly subscribers: number; readonly parked: number }
  /** Since when nobody reads it; null while somebody does. */
  readonly idleSince: number | null
  hint(hint: Hint): void
  asked(): void
  head(head: Head | null): void
  end(event: StreamEvent): void
  close(): void
}

const LOOK_AGAIN_MS = 100

export function createStream({ name, reads, timers, figures, log, askHead }: StreamOptions): Stream {
  const ring = createRing()
  const subscribers = new Set<Subscriber>()
  let idleSince: number | null = timers.now().getTime()
  let generation = 0

  const frontier = createFrontier({
    stream: name,
    reads,
    timers,
    figures,
    askHead,
    onFacts(facts) {
      for (const fact of facts) ring.push(fact)
      const event: StreamEvent = { kind: 'facts', facts }
      for (const subscriber of subscribers) subscriber.moved(facts, event)
    },
    onLost(through) {
      ring.startAfter(through)
      for (const subscriber of subscribers) subscriber.lost(through)
    },
    onReset() {
      startAnew()
      for (const subscriber of subscribers) subscriber.reset()
    },
  })

  const startAnew = () => {
    generation += 1
    ring.startAfter(frontier.last)
  }

  /** Runs it only if the stream is still the same then. */
  const unlessReset = <Args extends unknown[]>(run: (...args: Args) => void) => {
    const mine = generation
    return (...args: Args) => {
      if (mine === generation) run(...args)
    }
  }

  const source: Source = {
    get isCold() {
      return frontier.isCold
    },
    get epoch() {
      return frontier.epoch
    },
    get last() {
      return frontier.last
    },
    get floor() {
      return frontier.floor
    },
    askHead,
    recent: ring.after,
    read(after, then) {
      const page = pageFor(after, frontier.last)
      reads.read(
        name,
        page.after,
        page.limit,
        unlessReset((facts: readonly Fact[]) => {
          // Of another epoch, when the log was restored and nobody here knows yet.
          if (facts[0]?.epoch === frontier.epoch) ring.prepend(facts)
          then(facts)
        }),
      )
    },
    soon: (run) => void timers.after(LOOK_AGAIN_MS, unlessReset(run)),
  }

  return {
    subscribe(from, listener) {
      const subscriber = createSubscriber({
        source,
        from,
        listener,
        figures,
        log,
        onEnded() {
          subscribers.delete(subscriber)
          if (subscribers.size === 0) idleSince = timers.now().getTime()
        },
      })
      subscribers.add(subscriber)
      idleSince = null
      return subscriber
    },
    counts() {
      let parked = 0
      for (const { phase } of subscribers) if (phase === 'parked') parked += 1
      return { subscribers: subscribers.size, parked }
    },
    get idleSince() {
      return idleSince
    },
    hint: frontier.hint,
    asked() {
      frontier.asked()
      for (const subscriber of subscribers) subscriber.asked()
    },
    head(found) {
      const wasCold = frontier.isCold
      frontier.head(found)
      if (wasCold) startAnew()
      const head = found ?? { epoch: 0, seq: 0, floor: 0 }
      for (const subscriber of subscribers) subscriber.head(head)
    },
    end(event) {
      for (const subscriber of subscribers) subscriber.end(event)
    },
    close() {
      generation += 1
      frontier.close()
    },
  }
}

/**
 * Those who resume near the end share the page that fills the ring; those further back share pages that begin at the
 * same places, wherever in them they left off. So a thousand who come back at once are a few reads.
 */
function pageFor(after: number, last: number): { after: number; limit: number } {
  const ringStart = Math.max(0, last - RING_SIZE)
  if (after >= ringStart) return { after: ringStart, limit: RING_SIZE }
  return { after: after - (after % PAGE_SIZE), limit: PAGE_SIZE }
}
