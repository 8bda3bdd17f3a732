import { type Backpressure, createOutbox, type QueuedEvent, type StreamStep } from './backpressure.policy.ts'
import type { StartingPoint } from './stream-event.ts'
import type { StreamHub } from './stream-hub.ts'

export interface FollowOptions {
  stream: string
  from: StartingPoint
  /** Default: `park`. */
  backpressure?: Backpressure
}

/** A stream as an iterable, for resolvers. It ends when the hub drains, or when its reader leaves. */
export function followStream(
  hub: Pick<StreamHub, 'subscribe'>,
  { stream, from, backpressure = { policy: 'park' } }: FollowOptions,
): AsyncIterableIterator<StreamStep, undefined> {
  const outbox = createOutbox(backpressure)
  const waiting: PromiseWithResolvers<IteratorResult<StreamStep, undefined>>[] = []
  let end: End | null = null

  const handOut = () => {
    for (let next = waiting[0]; next; next = waiting[0]) {
      const step = outbox.take()
      if (!step && !end) return
      waiting.shift()
      if (step) next.resolve({ done: false, value: step })
      else if (end && 'error' in end) next.reject(end.error)
      else next.resolve(OVER)
    }
  }

  const put = (event: QueuedEvent) => {
    try {
      return outbox.put(event)
    } catch (error) {
      // A key that cannot be made. Its reader has to know, or it would wait for ever.
      end = { error }
      throw error
    } finally {
      handOut()
    }
  }

  const subscription = hub.subscribe(stream, from, (event) => {
    if (event.kind === 'end') {
      end = {}
      handOut()
      return undefined
    }
    const fullness = put(event)
    // Whoever waited has perhaps taken it all.
    return outbox.hasRoom ? undefined : fullness
  })

  return {
    next() {
      const result = Promise.withResolvers<IteratorResult<StreamStep, undefined>>()
      waiting.push(result)
      handOut()
      if (outbox.hasRoom) subscription.resume()
      return result.promise
    },
    async return() {
      end = {}
      subscription.unsubscribe()
      while (outbox.take()) continue
      handOut()
      return OVER
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** Why nothing more comes. */
type End = { readonly error: unknown } | Record<string, never>

const OVER = { done: true, value: undefined } as const
