import { randomUUID } from 'node:crypto'
import type { Logger } from '@courtside/logger'
import type { Bus, BusState } from './bus.ts'
import { decodeHint, decodeMessage, type EncodedHint, encodeHint, isSentBy } from './hint-codec.ts'
import { createListeners } from './listeners.ts'

/** What a transport tells the bus. */
export interface Receiver {
  /** Marks the messages of this process. */
  readonly sender: string
  receive(message: string): void
  missed(streams: readonly string[] | 'all'): void
  setState(state: BusState): void
}

export interface OutgoingHint extends EncodedHint {
  readonly stream: string
}

/** The part of a bus that differs from engine to engine. */
export interface Transport {
  /** In bytes of its text; larger facts travel as bare hints. */
  readonly largestFact: number
  /** Keeps what it cannot send at once within a bound, and never throws. */
  send(hints: readonly OutgoingHint[]): void
  /** Returns whether hints of the stream arrive already; if not, tells `missed` when they do. */
  follow(stream: string): boolean
  unfollow(stream: string): void
  isHeard(stream: string): boolean
  close(): Promise<void>
}

export interface BusParts {
  log: Logger
  openTransport(receiver: Receiver): Transport
  /** Does work in a turn of its own. Default: `setImmediate`. */
  later?(work: () => void): void
}

/**
 * Hints of this process reach its own listeners without the transport, which makes them faster and independent of it.
 * They pass through the same text as those of others, so that a payload looks the same wherever it was written.
 */
export function createBus({ log, openTransport, later = setImmediate }: BusParts): Bus {
  const sender = randomUUID()
  let state: BusState = { status: 'down', cause: null }
  let closing: Promise<void> | null = null
  let looping: string[] = []

  const listeners = createListeners({
    log,
    onFollowed: (stream) => transport.follow(stream),
    onUnfollowed: (stream) => transport.unfollow(stream),
    isHeard: (stream) => transport.isHeard(stream),
  })

  const transport = openTransport({
    sender,
    receive(message) {
      if (closing || isSentBy(sender, message)) return
      for (const hint of decodeMessage(message)) listeners.dispatch(hint)
    },
    missed: (streams) => listeners.missed(streams),
    setState(next) {
      if (closing || (next.status === state.status && next.status === 'up')) return
      const hasChanged = next.status !== state.status
      state = next
      if (hasChanged) listeners.changed(next)
    },
  })

  const loopBack = (text: string) => {
    looping.push(text)
    if (looping.length > 1) return
    // In a turn of its own: a mutation does not wait until a thousand viewers have been served.
    later(() => {
      const texts = looping
      looping = []
      if (closing) return
      for (const one of texts) {
        const hint = decodeHint(one)
        if (hint) listeners.dispatch(hint)
      }
    })
  }

  return {
    publish(hints) {
      if (closing) return
      const outgoing = hints.map((hint) => ({
        stream: hint.stream,
        ...encodeHint(hint, transport.largestFact),
      }))
      for (const { stream, text } of outgoing) if (listeners.isFollowed(stream)) loopBack(text)
      transport.send(outgoing)
    },
    listen: (listener) => listeners.add(listener),
    get state() {
      return state
    },
    close() {
      closing ??= transport.close().finally(() => listeners.clear())
      return closing
    },
  }
}
