import type { RequestContext } from './request-context.ts'
import type { SubgraphResponse } from './subgraph-request.ts'

/** Whether nobody waits for the answer any more. */
export function isTooLate({ deadline }: RequestContext): boolean {
  return deadline !== null && Date.now() >= deadline
}

export const TOO_LATE: SubgraphResponse = Object.freeze({
  errors: [
    {
      message: 'The operation came after its deadline and was not begun. Try again.',
      extensions: { code: 'TIMEOUT', retryable: true },
    },
  ],
})
