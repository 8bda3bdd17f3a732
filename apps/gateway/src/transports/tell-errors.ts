import { isFinal } from '@courtside/subgraph'
import type { SubgraphAnswer } from '@courtside/federation'
import type { EventReceiver } from './event-receiver.ts'
import { TransportFailure } from './subgraph-transport.ts'

/** Says how a subscription ended that a subgraph ended with errors: for good, or for this time. */
export function tellErrors(receiver: EventReceiver, errors: NonNullable<SubgraphAnswer['errors']>): void {
  if (isFinal(errors)) return receiver.refused(errors)
  const [first] = errors
  const { code, retryable, retryAfterSeconds } = first?.extensions ?? {}
  const failure = new TransportFailure(
    retryable === true ? 'busy' : 'useless',
    `The subgraph ended the subscription with ${String(code)}: ${first?.message}`,
    { retryAfterSeconds: typeof retryAfterSeconds === 'number' ? retryAfterSeconds : null },
  )
  receiver.failed(failure)
}
