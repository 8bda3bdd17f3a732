import { DomainError } from '@courtside/kernel'

interface Exceeded {
  code: string
  limit: number
  actual: number
  /** Says what was counted, for example `13 levels deep`. */
  what: string
  /** What to do instead. */
  remedy: string
}

/** A refusal that says which limit, what was asked for, and what to do instead. */
export function limitExceeded({ code, limit, actual, what, remedy }: Exceeded): DomainError {
  return new DomainError({
    kind: 'invalid',
    code,
    message: `The operation ${what}; the limit is ${limit}. ${remedy}`,
    details: { limit, actual },
  })
}
