import { IDENTITY_HEADER, type IdentitySigner, type Principal } from '@courtside/auth'
import { StartupError } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import {
  CLIENT_ADDRESS_HEADER,
  CLIENT_AGENT_HEADER,
  REQUEST_ID_HEADER,
  type SubgraphRequest,
  type SubgraphResponse,
} from '@courtside/subgraph'
import type { SubgraphTransports } from './subgraph-transport.ts'

/** For whom a subgraph is asked. */
export interface Caller {
  principal: Principal
  requestId: string
  clientAddress: string | null
  clientAgent: string | null
  log: Logger
  /** Aborted when the client has gone and nobody waits for the answer. */
  signal: AbortSignal | null
}

export type SubgraphOperation = Omit<SubgraphRequest, 'headers'>

/** The subgraph gave no usable answer. The cause is for the log. */
export class SubgraphUnavailableError extends Error {
  override readonly name = 'SubgraphUnavailableError'

  constructor(subgraph: string, cause: unknown) {
    super(`The subgraph ${subgraph} did not answer`, { cause })
  }
}

export interface SubgraphCaller {
  /** Throws `SubgraphUnavailableError` and nothing else. */
  call(subgraph: string, operation: SubgraphOperation, caller: Caller): Promise<SubgraphResponse>
}

export interface SubgraphCallerOptions {
  transports: SubgraphTransports
  signer: IdentitySigner
  /** The longest a subgraph may take, whatever carries the call. */
  deadlineMs: number
  onCall(subgraph: string, outcome: 'answered' | 'unavailable', seconds: number): void
}

/**
 * Asks subgraphs on somebody's behalf. The headers are made here, from what we know; nothing that a client sent is
 * passed on under its own name.
 */
export function createSubgraphCaller(options: SubgraphCallerOptions): SubgraphCaller {
  const { transports, signer, deadlineMs, onCall } = options
  return {
    async call(subgraph, operation, caller) {
      const started = performance.now()
      const done = (outcome: 'answered' | 'unavailable') =>
        onCall(subgraph, outcome, (performance.now() - started) / 1000)
      try {
        const transport = transports[subgraph]
        if (!transport) throw new StartupError(`There is no transport for the subgraph ${subgraph}.`)
        const headers = {
          [IDENTITY_HEADER]: await signer.assertionFor(caller.principal, subgraph),
          [REQUEST_ID_HEADER]: caller.requestId,
          ...(caller.clientAddress !== null && { [CLIENT_ADDRESS_HEADER]: caller.clientAddress }),
          ...(caller.clientAgent !== null && { [CLIENT_AGENT_HEADER]: caller.clientAgent }),
        }
        const answer = await withinDeadline(deadlineMs, caller.signal, (signal) =>
          transport.send({ ...operation, headers }, signal),
        )
        done('answered')
        return answer
      } catch (error) {
        done('unavailable')
        if (!caller.signal?.aborted) caller.log.error({ err: error, subgraph }, 'A subgraph did not answer')
        throw new SubgraphUnavailableError(subgraph, error)
      }
    },
  }
}

/** Stops waiting at the deadline or when nobody wants the answer, also where the work itself cannot be stopped. */
async function withinDeadline<Answer>(
  deadlineMs: number,
  given: AbortSignal | null,
  work: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const controller = new AbortController()
  const { signal } = controller
  const gaveUp = Promise.withResolvers<never>()
  // Should `work` throw at once, nobody else would handle this rejection.
  gaveUp.promise.catch(() => undefined)
  const stop = (reason: Error) => {
    controller.abort(reason)
    gaveUp.reject(reason)
  }
  const onGone = () => stop(new Error('The client has gone'))
  const deadline = setTimeout(() => stop(new Error(`No answer within ${deadlineMs} ms`)), deadlineMs)
  given?.addEventListener('abort', onGone, { once: true })
  if (given?.aborted) onGone()
  try {
    return await Promise.race([work(signal), gaveUp.promise])
  } finally {
    clearTimeout(deadline)
    given?.removeEventListener('abort', onGone)
  }
}
