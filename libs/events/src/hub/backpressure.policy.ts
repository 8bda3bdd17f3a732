import type { Fact } from '../fact.ts'
import type { StreamEvent } from './stream-event.ts'

/** What happens to a reader that is slower than its stream. */
export type Backpressure =
  /** Every fact counts. Nothing more is handed out until it has caught up with half of what waits; the log has the rest. */
  | { readonly policy: 'park'; /** Default: 128. */ readonly limit?: number }
  /**
   * Only the newest fact of each key counts. When more keys wait than `limit`, it is told to begin anew from a snapshot.
   */
  | { readonly policy: 'conflate'; keyOf(fact: Fact): string; /** Default: 128. */ readonly limit?: number }

/** One thing at a time. */
export type StreamStep =
  { readonly kind: 'fact'; readonly fact: Fact } | Extract<StreamEvent, { kind: 'gap' | 'reset' }>

export type QueuedEvent = Exclude<StreamEvent, { kind: 'end' }>

/** What waits for one reader. Bounded: by its limit and, when that is reached, one more batch. */
export interface Outbox {
  /** `full` when it wants no more for now. */
  put(event: QueuedEvent): 'full' | undefined
  take(): StreamStep | undefined
  /** Whether it would take more, after it was full. */
  readonly hasRoom: boolean
}

const DEFAULT_LIMIT = 128

export function createOutbox(backpressure: Backpressure): Outbox {
  switch (backpressure.policy) {
    case 'park':
      return createParkingOutbox(backpressure.limit ?? DEFAULT_LIMIT)
    case 'conflate':
      return createConflatingOutbox(backpressure.keyOf, backpressure.limit ?? DEFAULT_LIMIT)
  }
}

function createParkingOutbox(limit: number): Outbox {
  const steps: StreamStep[] = []
  return {
    put(event) {
      if (event.kind === 'facts') for (const fact of event.facts) steps.push({ kind: 'fact', fact })
      else steps.push(event)
      return steps.length >= limit ? 'full' : undefined
    },
    take: () => steps.shift(),
    get hasRoom() {
      return steps.length <= limit / 2
    },
  }
}

function createConflatingOutbox(keyOf: (fact: Fact) => string, limit: number): Outbox {
  /** What is not a fact has its kind as key: a symbol, so that no fact can have it too. */
  const steps = new Map<string | symbol, StreamStep>()
  const [GAP, RESET] = [Symbol('gap'), Symbol('reset')]

  /** At the end, which keeps the order of sequence. */
  const set = (key: string | symbol, step: StreamStep) => {
    steps.delete(key)
    steps.set(key, step)
  }

  const startAnew = (head: { epoch: number; seq: number }) => {
    steps.clear()
    steps.set(RESET, { kind: 'reset', head })
  }

  return {
    put(event) {
      if (event.kind === 'reset') {
        startAnew(event.head)
      } else if (event.kind === 'gap') {
        const earlier = steps.get(GAP)
        set(GAP, earlier?.kind === 'gap' ? { ...event, after: earlier.after } : event)
      } else {
        for (const fact of event.facts) {
          set(keyOf(fact), { kind: 'fact', fact })
          if (steps.size > limit) startAnew(fact)
        }
      }
      return undefined
    },
    take() {
      for (const [key, step] of steps) {
        steps.delete(key)
        return step
      }
      return undefined
    },
    hasRoom: true,
  }
}
