import type { PublicError } from '../../errors/index.ts'

/** How a channel came to its end: complete, or for a reason that its clients are told. */
export type Ending = { readonly errors: readonly PublicError[] | null }

export const COMPLETED: Ending = { errors: null }

export const UNAVAILABLE: Ending = {
  errors: [
    {
      message: 'This part of the graph does not answer at the moment. Try again.',
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true },
    },
  ],
}

export const BROKEN: Ending = {
  errors: [
    {
      message: 'This subscription failed by a fault of ours. Subscribe again.',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    },
  ],
}
