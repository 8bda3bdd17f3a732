/**
 * What went wrong, as far as a caller needs to know to react:
 * - `invalid`: the request can never succeed as it is;
 * - `unauthenticated`: say who you are;
 * - `forbidden`: you may not;
 * - `not-found`: there is no such thing, or you may not know of it;
 * - `conflict`: the state has moved on, or the name is taken; read again and decide;
 * - `limited`: too much or too often; wait, then try again;
 * - `unavailable`: our fault and temporary; try again.
 */
export type DomainErrorKind =
  'invalid' | 'unauthenticated' | 'forbidden' | 'not-found' | 'conflict' | 'limited' | 'unavailable'

export interface DomainErrorOptions<Code extends string> {
  kind: DomainErrorKind
  /** Stable and public: clients branch on it. */
  code: Code
  /** Shown to the caller as it is: no secret, no SQL, and what to do next where there is something to do. */
  message: string
  /** Public, machine-readable facts beside the message. */
  details?: Readonly<Record<string, unknown>>
  /** For the log only. */
  cause?: unknown
}

/** An expected failure of the domain. Knows nothing of GraphQL or HTTP; the edge maps `kind` to its own words. */
export class DomainError<Code extends string = string> extends Error {
  override readonly name = 'DomainError'
  readonly kind: DomainErrorKind
  readonly code: Code
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(options: DomainErrorOptions<Code>) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.kind = options.kind
    this.code = options.code
    this.details = options.details
  }
}

export function isDomainError(error: unknown): error is DomainError {
  return error instanceof DomainError
}
