import { assertNever, type DomainError, type DomainErrorKind } from '@courtside/kernel'
import { cutMessage, type PublicError } from './public-error.ts'

/** A request that is not carried out. Everything in it may be shown to the client. */
export class RequestRefusal extends Error {
  override readonly name = 'RequestRefusal'
  readonly status: number
  readonly errors: readonly [PublicError, ...PublicError[]]
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    errors: readonly [PublicError, ...PublicError[]],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(cutMessage(errors[0].message))
    this.status = status
    const [first, ...others] = errors
    this.errors = [cut(first), ...others.map(cut)]
    this.headers = headers
  }

  /** What clients branch on. */
  get code(): string {
    return this.errors[0].extensions.code
  }
}

function cut(error: PublicError): PublicError {
  return { ...error, message: cutMessage(error.message) }
}

/** A refusal with one error. */
export function refuse(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): RequestRefusal {
  return new RequestRefusal(status, [{ message, extensions: { code } }], headers)
}

/** How an expected failure of the gateway itself looks over HTTP. */
export function toRefusal(error: DomainError): RequestRefusal {
  const { kind, code, message, details } = error
  const retryable = kind === 'limited' || kind === 'unavailable'
  const retryAfter = details?.['retryAfterSeconds']
  return new RequestRefusal(
    statusOf(kind),
    [{ message, extensions: { code, ...(retryable && { retryable }), ...details } }],
    {
      ...(typeof retryAfter === 'number' && { 'retry-after': String(retryAfter) }),
      ...(kind === 'unauthenticated' && { 'www-authenticate': 'Bearer realm="courtside"' }),
    },
  )
}

function statusOf(kind: DomainErrorKind): number {
  switch (kind) {
    case 'invalid':
      return 400
    case 'unauthenticated':
      return 401
    case 'forbidden':
      return 403
    case 'not-found':
      return 404
    case 'conflict':
      return 409
    case 'limited':
      return 429
    case 'unavailable':
      return 503
    default:
      return assertNever(kind)
  }
}
