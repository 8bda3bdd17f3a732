import type { SubgraphResponse } from '../subgraph-request.ts'

type Errors = NonNullable<SubgraphResponse['errors']>

/** A subscription that had begun came to an end that its source did not intend. */
export class SubscriptionBrokenError extends Error {
  override readonly name = 'SubscriptionBrokenError'
  /** As a client may read them. */
  readonly errors: Errors

  constructor(errors: Errors) {
    super(errors[0]?.message ?? 'The subscription broke')
    this.errors = errors
  }
}

/**
 * Whether a subscription that ended with these errors would only end so again. A refusal of the domain is final; what is
 * retryable, and a fault of ours, may be gone the next time.
 */
export function isFinal(errors: Errors): boolean {
  return !errors.some(
    ({ extensions }) =>
      extensions?.['retryable'] === true || extensions?.['code'] === 'INTERNAL_SERVER_ERROR',
  )
}
