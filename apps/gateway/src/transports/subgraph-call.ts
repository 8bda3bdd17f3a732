import type { SubgraphAnswer } from '@courtside/federation'
import type { CancelListener, Cancellation } from './cancellation.ts'
import type { Deadlines, Expiring } from './deadlines.ts'
import type {
  AnswerReceiver,
  Sending,
  SubgraphTransport,
  TransportFailure,
  TransportRequest,
} from './subgraph-transport.ts'
import type { Absence } from './unavailable-errors.ts'

/** `broken`: the subgraph or the way to it; `late`: the deadline; `cancelled`: the client has gone. */
export type FailureReason = 'broken' | 'late' | 'cancelled'

/** A class, because a subgraph could put any field into an answer, but cannot make one of these. */
export class CallFailure implements Absence {
  readonly reason: FailureReason
  /** For the log. */
  readonly cause: unknown
  readonly mayHaveBegun: boolean
  readonly retryAfterSeconds: number | null

  constructor(reason: FailureReason, cause: unknown, { mayHaveBegun, retryAfterSeconds }: Absence) {
    this.reason = reason
    this.cause = cause
    this.mayHaveBegun = mayHaveBegun
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export interface CallTerms {
  readonly deadlines: Deadlines
  readonly expiresAt: number
  readonly cancellation: Cancellation | null
}

/** One question to one subgraph, until it is answered or given up. It settles once. */
export class SubgraphCall implements AnswerReceiver, Expiring, CancelListener {
  readonly expiresAt: number
  readonly #terms: CallTerms
  #settle: ((outcome: SubgraphAnswer | CallFailure) => void) | null
  #sending: Sending | null = null
  #mayHaveBegun = false

  constructor(terms: CallTerms, settle: (outcome: SubgraphAnswer | CallFailure) => void) {
    this.expiresAt = terms.expiresAt
    this.#terms = terms
    this.#settle = settle
    terms.deadlines.watch(this)
    if (terms.cancellation?.isCancelled) this.cancelled()
    else terms.cancellation?.add(this)
  }

  begin(transport: SubgraphTransport, request: TransportRequest): void {
    if (this.#settle === null) return
    this.#mayHaveBegun = true
    try {
      this.#sending = transport.send(request, this)
    } catch (error) {
      // A transport never throws. Should one break its word, it must not take the process with it.
      this.giveUp('broken', error)
    }
  }

  answered(answer: SubgraphAnswer): void {
    this.#end(answer)
  }

  failed(failure: TransportFailure): void {
    if (failure.kind === 'unsent' || failure.kind === 'invalid') this.#mayHaveBegun = false
    this.giveUp('broken', failure)
  }

  expire(): void {
    this.giveUp('late', new Error('No answer before the deadline'))
  }

  cancelled(): void {
    this.giveUp('cancelled', new Error('The client has gone'))
  }

  giveUp(reason: FailureReason, cause: unknown): void {
    this.#end(new CallFailure(reason, cause, { mayHaveBegun: this.#mayHaveBegun, retryAfterSeconds: null }))
  }

  #end(outcome: SubgraphAnswer | CallFailure): void {
    const settle = this.#settle
    if (settle === null) return
    this.#settle = null
    this.#terms.deadlines.forget(this)
    this.#terms.cancellation?.remove(this)
    if (outcome instanceof CallFailure) this.#sending?.abort()
    settle(outcome)
  }
}
