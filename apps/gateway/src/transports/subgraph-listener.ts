import type { IdentitySigner } from '@courtside/auth'
import type { FetchRequest } from '@courtside/federation'
import type { Logger } from '@courtside/logger'
import { callHeaders } from './call-headers.ts'
import type { Caller } from './caller.ts'
import type { EventReceiver, Listening } from './event-receiver.ts'
import { type SubgraphTransports, TransportFailure } from './subgraph-transport.ts'

export interface SubgraphListenerOptions {
  transports: SubgraphTransports
  signer: IdentitySigner
  /** How long the subgraph has to begin. */
  deadlineMs: number
  log: Logger
}

/** Listens on somebody's behalf, with an assertion signed anew for each opening. */
export function createSubgraphListener({
  transports,
  signer,
  deadlineMs,
  log,
}: SubgraphListenerOptions): (
  subgraph: string,
  request: FetchRequest,
  caller: Caller,
  receiver: EventReceiver,
) => Listening {
  const logOnce = createFailureLog(log)
  return (subgraph, fetch, caller, receiver) => {
    let listening: Listening | null = null
    let isPaused = false
    let isOver = false
    const fail = (failure: TransportFailure) => {
      isOver = true
      logOnce(subgraph, failure)
      receiver.failed(failure)
    }
    const begin = (identity: string) => {
      if (isOver) return
      const transport = transports[subgraph]
      if (!transport?.subscribe) {
        return fail(new TransportFailure('invalid', `No transport carries subscriptions to ${subgraph}`))
      }
      const headers = callHeaders(caller, identity, deadlineMs, null)
      listening = transport.subscribe(
        { fetch, headers },
        {
          event: (event) => receiver.event(event),
          completed: () => receiver.completed(),
          refused: (errors) => receiver.refused(errors),
          failed: fail,
        },
      )
      if (isPaused) listening.pause?.()
    }
    signer.assertionFor(caller.principal, subgraph).then(begin, (cause: unknown) => {
      if (!isOver) fail(new TransportFailure('invalid', 'The identity could not be signed', { cause }))
    })
    return {
      stop() {
        isOver = true
        listening?.stop()
      },
      pause() {
        isPaused = true
        listening?.pause?.()
      },
      resume() {
        isPaused = false
        listening?.resume?.()
      },
    }
  }
}

/** One broken connection is one failure, told to each of the thousands who listened over it. */
function createFailureLog(log: Logger): (subgraph: string, failure: TransportFailure) => void {
  const logged = new WeakSet<TransportFailure>()
  return (subgraph, failure) => {
    if (logged.has(failure)) return
    logged.add(failure)
    log.error({ err: failure, subgraph }, 'Subscriptions to a subgraph broke')
  }
}
