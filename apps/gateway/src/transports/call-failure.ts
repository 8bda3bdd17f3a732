/**
 * - `broken`: the subgraph or the way to it;
 * - `late`: nothing came before the deadline;
 * - `blocked`: it fails so often that it is not asked for a while;
 * - `overloaded`: too many wait for it already;
 * - `cancelled`: nobody waits for the answer.
 */
export type FailureReason = 'broken' | 'late' | 'blocked' | 'overloaded' | 'cancelled'

/** A class, because a subgraph could put any field into an answer, but cannot make one of these. */
export class CallFailure {
  readonly reason: FailureReason
  /** For the log. */
  readonly cause: Error
  /** Whether the subgraph may have received the request and begun with it. */
  readonly mayHaveBegun: boolean
  readonly retryAfterSeconds: number | null

  constructor(
    reason: FailureReason,
    cause: Error,
    { mayHaveBegun, retryAfterSeconds }: { mayHaveBegun: boolean; retryAfterSeconds: number | null },
  ) {
    this.reason = reason
    this.cause = cause
    this.mayHaveBegun = mayHaveBegun
    this.retryAfterSeconds = retryAfterSeconds
  }
}
