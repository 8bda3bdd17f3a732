import { IDENTITY_HEADER, type IdentitySigner } from '@courtside/auth'
import type { FetchRequest, SubgraphAnswer, SubgraphFetch } from '@courtside/federation'
import { CLIENT_ADDRESS_HEADER, CLIENT_AGENT_HEADER, REQUEST_ID_HEADER } from '@courtside/subgraph'
import type { Caller } from './caller.ts'
import { createDeadlines } from './deadlines.ts'
import { CallFailure, SubgraphCall } from './subgraph-call.ts'
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
}

export interface SubgraphCallerOptions {
  transports: SubgraphTransports
  signer: IdentitySigner
  /** The longest a subgraph may take, whatever carries the call. */
  deadlineMs: number
  onCall(subgraph: string, outcome: 'answered' | 'unavailable', seconds: number): void
}

/** Until when somebody waits for the answer, in milliseconds since 1970. */
export const DEADLINE_HEADER = 'x-deadline'

/**
 * Asks subgraphs on somebody's behalf. The headers are made here, from what we know; nothing that a client sent is
 * passed on under its own name.
 */
export function createSubgraphCaller(options: SubgraphCallerOptions): SubgraphCaller {
  const { transports, signer, deadlineMs, onCall } = options
  const deadlines = createDeadlines()

  const ask = (
    subgraph: string,
    fetch: FetchRequest,
    caller: Caller,
    settle: (outcome: SubgraphAnswer | CallFailure) => void,
  ) => {
    const startedAt = performance.now()
    const expiresAt = Math.min(startedAt + deadlineMs, caller.deadline ?? Infinity)
    const call = new SubgraphCall({ deadlines, expiresAt, cancellation: caller.cancellation }, (outcome) => {
      const failed = outcome instanceof CallFailure
      onCall(subgraph, failed ? 'unavailable' : 'answered', (performance.now() - startedAt) / 1000)
      if (failed && outcome.reason !== 'cancelled') {
        caller.log.error({ err: outcome.cause, subgraph }, 'A subgraph did not answer')
      }
      settle(outcome)
    })
    const transport = transports[subgraph]
    if (!transport)
      return call.giveUp('broken', new Error(`There is no transport for the subgraph ${subgraph}`))
    signer.assertionFor(caller.principal, subgraph).then(
      (identity) => call.begin(transport, { fetch, headers: headersOf(caller, identity, expiresAt) }),
      (error: unknown) => call.giveUp('broken', error),
    )
  }

  return {
    fetch: (subgraph, request, caller) =>
      new Promise((resolve) => {
        ask(subgraph, request, caller, (outcome) =>
          resolve(
            outcome instanceof CallFailure
              ? { data: null, errors: unavailableErrors(request, outcome) }
              : outcome,
          ),
        )
      }),
    call: (subgraph, request, caller) =>
      new Promise((resolve, reject) => {
        ask(subgraph, request, caller, (outcome) => {
          if (outcome instanceof CallFailure) reject(new SubgraphUnavailableError(subgraph, outcome.cause))
          else resolve(outcome)
        })
      }),
  }
}

function headersOf(caller: Caller, identity: string, expiresAt: number): Record<string, string> {
  const headers: Record<string, string> = {
    [IDENTITY_HEADER]: identity,
    [REQUEST_ID_HEADER]: caller.requestId,
    [DEADLINE_HEADER]: String(Math.round(Date.now() + expiresAt - performance.now())),
  }
  if (caller.clientAddress !== null) headers[CLIENT_ADDRESS_HEADER] = caller.clientAddress
  if (caller.clientAgent !== null) headers[CLIENT_AGENT_HEADER] = caller.clientAgent
  const traceparent = caller.trace?.traceparent() ?? null
  if (traceparent !== null) headers['traceparent'] = traceparent
  return headers
}
