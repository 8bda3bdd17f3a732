import { BodyTooLargeError } from '@courtside/http'
import { isDomainError } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import { toPublicError } from './public-error.ts'
import { RequestRefusal, toRefusal } from './request-refusal.ts'

/** Whatever was thrown, in words for the client. What nobody expected is logged under the id that the client is told. */
export function refusalOf(error: unknown, log: Logger): RequestRefusal {
  return toKnownRefusal(error) ?? toMasked(error, log)
}

function toKnownRefusal(error: unknown): RequestRefusal | null {
  if (error instanceof RequestRefusal) return error
  if (isDomainError(error)) return toRefusal(error)
  if (error instanceof BodyTooLargeError) {
    const { message, limit, actual } = error
    return new RequestRefusal(413, [{ message, extensions: { code: 'BODY_TOO_LARGE', limit, actual } }])
  }
  return null
}

function toMasked(cause: unknown, log: Logger): RequestRefusal {
  const message = cause instanceof Error ? cause.message : String(cause)
  const { error, unexpected } = toPublicError({ message }, { hideSuggestions: true })
  log.error({ err: cause, 'error.id': unexpected?.errorId }, 'Unexpected error')
  return new RequestRefusal(500, [error])
}
