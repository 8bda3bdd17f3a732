import type { FetchTemplate } from '@courtside/federation'
import type { TransportFailure } from '../subgraph-transport.ts'

/** Beside the first attempt. */
export const MOST_RETRIES = 2

const FIRST_BACKOFF_MS = 50

/** Whoever asks for more patience than this gets no repeat: the client can wait better than we can. */
const LONGEST_RETRY_AFTER_SECONDS = 1

export interface FailedAttempt {
  readonly type: FetchTemplate['type']
  readonly failure: TransportFailure
  /** How many repeats there were already. */
  readonly retries: number
}

/**
 * How long to wait before the same request is sent again; null when it must not be. A mutation is repeated only if
 * nothing of it was sent. The wait is random between nothing and the whole, so that many who failed together do not
 * come back together.
 */
export function retryDelayMs({ type, failure, retries }: FailedAttempt, random: () => number): number | null {
  if (retries >= MOST_RETRIES || !isRepeatable(type, failure)) return null
  const seconds = failure.retryAfterSeconds ?? 0
  if (seconds > LONGEST_RETRY_AFTER_SECONDS) return null
  return seconds * 1000 + random() * FIRST_BACKOFF_MS * 2 ** retries
}

function isRepeatable(type: FetchTemplate['type'], { kind }: TransportFailure): boolean {
  if (kind === 'unsent') return true
  return type === 'query' && (kind === 'lost' || kind === 'busy')
}

const CALLS_PER_REPEAT = 10
const MOST_SAVED = 10 * CALLS_PER_REPEAT

/**
 * One repeat for ten calls, and ten at once: enough for connections that break, too little to triple the load of a
 * subgraph that is failing under it.
 */
export class RetryBudget {
  /** In calls. */
  #saved = MOST_SAVED

  called(): void {
    if (this.#saved < MOST_SAVED) this.#saved++
  }

  /** Whether there was one left to take. */
  take(): boolean {
    if (this.#saved < CALLS_PER_REPEAT) return false
    this.#saved -= CALLS_PER_REPEAT
    return true
  }
}
