/**
 * Terms: a *write* is one command of a client, known by its `mark`, a text that no other write has; a *fact* is its
 * trace in the log; a *reader* is one client of one stream, whatever connections it had.
 */

/** A fact in the log, after the run. */
export interface LoggedFact {
  stream: string
  seq: number
  /** Of the write that made it; null for what was there before the run. */
  mark: string | null
}

/**
 * `ok`: acknowledged. `failed`: refused before it had any effect. `unknown`: nobody answered, or with an error that
 * does not say.
 */
export type Outcome = 'ok' | 'failed' | 'unknown'

export interface Write {
  mark: string
  /** Null when it is not known because nobody answered. */
  stream: string | null
  outcome: Outcome
  /** On one clock for all writes, in milliseconds: of the first attempt. */
  begunAt: number
  /** When the last attempt was answered or given up. */
  endedAt: number
}

export type Delivery =
  /** How the stream stands, with its newest fact. `gap`: what stands between it and what came before is missing. */
  { kind: 'snapshot'; mark: string | null; gap: boolean } | { kind: 'fact'; mark: string | null }

/** All that a reader was given, in the order it came. */
export interface Reader {
  name: string
  stream: string
  deliveries: readonly Delivery[]
}

/** The end of the log went back to where it had been. What was acknowledged between the two may be gone. */
export interface Loss {
  /** When the backup was taken. */
  from: number
  /** When it had been put back. */
  until: number
}

export interface RunHistory {
  log: readonly LoggedFact[]
  writes: readonly Write[]
  readers: readonly Reader[]
  losses: readonly Loss[]
}

export interface Violation {
  rule:
    | 'acknowledged write is missing'
    | 'refused write took effect'
    | 'write took effect twice'
    | 'fact of no write'
    | 'write in the wrong stream'
    | 'later write stands before an earlier one'
    | 'stream is not dense'
    | 'reader began without a snapshot'
    | 'reader was given a fact twice'
    | 'reader missed facts'
    | 'reader was given facts out of order'
    | 'reader was given what is not in the log'
    | 'reader was told of a gap that is none'
    | 'reader did not reach the end'
  /** What to look for: marks, numbers, names. */
  detail: string
}
