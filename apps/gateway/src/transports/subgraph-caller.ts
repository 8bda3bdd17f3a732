import type { IdentitySigner } from '@courtside/auth'
import type { FetchRequest, SubgraphAnswer, SubgraphFetch } from '@courtside/federation'
import type { Logger } from '@courtside/logger'
import { beginFetchSpan, endFetchSpan, type SubgraphState } from '../observability/index.ts'
import { CallFailure } from './call-failure.ts'
import { callHeaders } from './call-headers.ts'
import type { Caller } from './caller.ts'
import type { EventReceiver, Listening } from './event-receiver.ts'
import type { BreakerPolicy, SlotLimits } from './resilience/index.ts'
import { SubgraphCall } from './subgraph-call.ts'
import { createSubgraphListener } from './subgraph-listener.ts'
import { createSubgraphLinks, type SubgraphLink } from './subgraph-link.ts'
import type { SubgraphTransports } from './subgraph-transport.ts'
import { unavailableErrors } from './unavailable-errors.ts'

/** The subgraph gave no usable answer. The cause is for the log. */
export class SubgraphUnavailableError extends Error {
  override readonly name = 'SubgraphUnavailableError'

  constructor(subgraph: string, cause: unknown) {
    super(`The subgraph ${subgraph} did not answer`, { cause })
  }
}

export interface SubgraphCaller {
  /** For the engine: a subgraph that is away is an answer with an error for each missing part. */
  readonly fetch: SubgraphFetch<Caller>
  /** For who asks on their own account. Throws `SubgraphUnavailableError` and nothing else. */
  call(subgraph: string, request: FetchRequest, caller: Caller): Promise<SubgraphAnswer>
  /**
   * Opens a subscription, and tries once: to open it again is for whoever listens. Its caller's deadline and cancellation
   * do not apply. The receiver is told nothing before this has returned.
   */
  listen(subgraph: string, request: FetchRequest, caller: Caller, receiver: EventReceiver): Listening
  /** What each subgraph has to do at this moment. */
  load(): readonly SubgraphState[]
}

export interface SubgraphCallerOptions {
  transports: SubgraphTransports
  signer: IdentitySigner
  /** The longest a subgraph may take, with repeats and whatever carries the call. */
  deadlineMs: number
  slots?: Partial<SlotLimits>
  breaker?: Partial<BreakerPolicy>
  /** Not told of calls that nobody waited for. */
  onCall(subgraph: string, outcome: 'answered' | 'unavailable', seconds: number): void
  onRetry?(subgraph: string): void
  log: Logger
  /** Milliseconds of a clock that is never set. Default: `performance.now`. */
  now?(): number
  /** Default: `Math.random`. */
  random?(): number
}

/**
 * Asks subgraphs on somebody's behalf. The headers are made here, from what we know; nothing that a client sent is
 * passed on under its own name.
 */
export function createSubgraphCaller(options: SubgraphCallerOptions): SubgraphCaller {
  const { signer, deadlineMs, onCall, now = performance.now.bind(performance) } = options
  const links = createSubgraphLinks({ ...options, now })
  // What the gateway asks for itself is who somebody is: no crowd of clients may stand in its way, and what they do to
  // a subgraph's breaker must not sign everybody out.
  const ownLinks = createSubgraphLinks({ ...options, now })

  const ask = (
    subgraph: string,
    fetch: FetchRequest,
    caller: Caller,
    link: SubgraphLink | undefined,
    settle: (outcome: SubgraphAnswer | CallFailure) => void,
  ) => {
    const startedAt = now()
    const span = beginFetchSpan(caller.trace ?? null, subgraph, fetch.template.type)
    const report = (outcome: SubgraphAnswer | CallFailure) => {
      if (span) endFetchSpan(span, outcome instanceof CallFailure ? outcome.reason : null)
      if (!(outcome instanceof CallFailure)) onCall(subgraph, 'answered', (now() - startedAt) / 1000)
      else if (outcome.reason !== 'cancelled') {
        onCall(subgraph, 'unavailable', (now() - startedAt) / 1000)
        logFailure(outcome, subgraph, caller.log)
      }
      settle(outcome)
    }
    if (!link) return report(noTransport(subgraph))

    const { cancellation } = caller
    const call = new SubgraphCall(link, {
      latestAt: startedAt + deadlineMs,
      caller,
      cancellation,
      settle: report,
    })
    const begin = (identity: string) =>
      call.begin({ fetch, headers: callHeaders(caller, identity, call.expiresAt - startedAt, span) })
    const identity = signer.cachedAssertionFor(caller.principal, subgraph)
    if (identity !== null) begin(identity)
    else signer.assertionFor(caller.principal, subgraph).then(begin, (error: Error) => call.fail(error))
  }

  return {
    fetch: (subgraph, request, caller) =>
      new Promise((resolve) => {
        ask(subgraph, request, caller, links.get(subgraph), (outcome) => {
          if (!(outcome instanceof CallFailure)) resolve(outcome)
          else resolve({ data: null, errors: unavailableErrors(request, outcome) })
        })
      }),
    call: (subgraph, request, caller) =>
      new Promise((resolve, reject) => {
        ask(subgraph, request, caller, ownLinks.get(subgraph), (outcome) => {
          if (outcome instanceof CallFailure) reject(new SubgraphUnavailableError(subgraph, outcome.cause))
          else resolve(outcome)
        })
      }),
    listen: createSubgraphListener(options),
    load: () => [...links.values()].map((link) => link.load()),
  }
}

/** That a subgraph is not asked is said once, when that begins, and not by each of the thousands that are refused. */
function logFailure({ reason, cause }: CallFailure, subgraph: string, log: Logger): void {
  const level = reason === 'blocked' || reason === 'overloaded' ? 'debug' : 'error'
  log[level]({ err: cause, subgraph }, 'A subgraph did not answer')
}

function noTransport(subgraph: string): CallFailure {
  const cause = new Error(`There is no transport for the subgraph ${subgraph}`)
  return new CallFailure('broken', cause, { mayHaveBegun: false, retryAfterSeconds: null })
}
