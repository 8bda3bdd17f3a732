import type { Logger } from '@courtside/logger'
import type { Bus } from '../bus/index.ts'
import type { LogReader } from '../log/index.ts'
import { systemTimers, type Timers } from '../timers.ts'
import { type HubFigures, noFigures } from './figures.ts'
import { createHeadChecks } from './head-checks.ts'
import { createPatient } from './patient.ts'
import { createSharedReads } from './shared-reads.ts'
import { createStream, type Stream } from './stream.ts'
import type { Position, StartingPoint, StreamEvent, StreamListener } from './stream-event.ts'
import type { Subscriber } from './subscriber.ts'
import { createSweep } from './sweep.ts'

export interface StreamHubOptions {
  /** Of the primary: a replica may not have yet what a hint tells of. */
  reader: LogReader
  bus: Bus
  log: Logger
  timers?: Timers
}

/**
 * The readers of streams in this process. However many read a stream, the log is read and the bus is followed for it
 * once. Each of them is told every fact after its starting point, once and in order, or is told that it cannot be.
 */
export interface StreamHub {
  /** The listener is called for the first time after this has returned. */
  subscribe(stream: string, from: StartingPoint, listener: StreamListener): StreamSubscription
  figures(): HubFigures & { readonly streams: number; readonly subscribers: number; readonly parked: number }
  /** Tells every subscriber that it is over, and takes no new ones. */
  drain(): void
}

export interface StreamSubscription {
  readonly phase: Subscriber['phase']
  /** After the last fact that the listener was told; null until its place is known. */
  readonly position: Position | null
  /** After `full`: goes on where it stopped. */
  resume(): void
  unsubscribe(): void
}

/** What is known of a stream is kept for those who come back soon. */
const FORGOTTEN_AFTER_MS = 60_000
const DRAINING: StreamEvent = { kind: 'end', reason: 'draining' }

export function createStreamHub({ reader, bus, log, timers = systemTimers }: StreamHubOptions): StreamHub {
  const figures = noFigures()
  const streams = new Map<string, Stream>()
  const patient = createPatient({ timers, log, onFailure: () => (figures.readFailures += 1) })
  const reads = createSharedReads(reader, patient, figures)
  const checks = createHeadChecks({
    reader,
    patient,
    onAsk: (name) => streams.get(name)?.asked(),
    onHead: (name, head) => streams.get(name)?.head(head),
  })
  let isDraining = false

  const subscription = bus.listen({
    onHint: (hint) => streams.get(hint.stream)?.hint(hint),
    onMissed: (names) =>
      checks.ask(names === 'all' ? streams.keys() : names.filter((name) => streams.has(name))),
    onState: () => sweep.busChanged(),
  })
  const sweep = createSweep({
    timers,
    isBusUp: () => bus.state.status === 'up',
    run() {
      forgetIdle()
      if (streams.size > 0) checks.ask(streams.keys())
    },
  })

  const forgetIdle = () => {
    const before = timers.now().getTime() - FORGOTTEN_AFTER_MS
    for (const [name, stream] of streams) {
      if (stream.idleSince === null || stream.idleSince > before) continue
      subscription.unfollow(name)
      stream.close()
      streams.delete(name)
    }
  }

  const streamOf = (name: string): Stream => {
    const known = streams.get(name)
    if (known) return known
    const stream = createStream({ name, reads, timers, figures, log, askHead: () => checks.ask([name]) })
    streams.set(name, stream)
    // Before its head is read, so that no fact falls between the two.
    subscription.follow(name)
    return stream
  }

  return {
    subscribe(name, from, listener) {
      const subscriber = streamOf(name).subscribe(from, listener)
      queueMicrotask(() => (isDraining ? subscriber.end(DRAINING) : subscriber.start()))
      return {
        get phase() {
          return subscriber.phase
        },
        get position() {
          return subscriber.position
        },
        resume: () => subscriber.resume(),
        unsubscribe: () => subscriber.end(),
      }
    },
    figures() {
      const counts = [...streams.values()].map((stream) => stream.counts())
      return {
        ...figures,
        streams: streams.size,
        subscribers: counts.reduce((sum, { subscribers }) => sum + subscribers, 0),
        parked: counts.reduce((sum, { parked }) => sum + parked, 0),
      }
    },
    drain() {
      if (isDraining) return
      isDraining = true
      sweep.stop()
      subscription.close()
      patient.close()
      for (const stream of streams.values()) {
        stream.end(DRAINING)
        stream.close()
      }
    },
  }
}
