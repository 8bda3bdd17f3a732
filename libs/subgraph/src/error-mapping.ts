import { randomUUID } from 'node:crypto'
import type { ApolloServerPlugin } from '@apollo/server'
import { unwrapResolverError } from '@apollo/server/errors'
import { assertNever, DomainError, type DomainErrorKind, isDomainError } from '@courtside/kernel'
import type { GraphQLError, GraphQLFormattedError } from 'graphql'
import type { RequestContext } from './request-context.ts'

/** The ids under which unexpected errors were logged, until they are formatted a moment later. */
const errorIds = new WeakMap<object, string>()

/** The same for what Apollo Server executes. */
export const logUnexpectedErrors: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async didEncounterErrors({ errors, contextValue }) {
        logUnexpected(errors, contextValue)
      },
    }
  },
}

/** The errors of an execution as the caller shall see them. */
export function describeErrors(
  errors: readonly GraphQLError[],
  context: RequestContext,
): GraphQLFormattedError[] {
  logUnexpected(errors, context)
  return errors.map((error) => formatError(error, error))
}

/** Logs what nobody expected, with the request's own logger, under the id that the caller will be told. */
function logUnexpected(errors: readonly GraphQLError[], { log }: RequestContext): void {
  for (const error of errors) {
    const cause = unwrapResolverError(error)
    if (isExpected(error, cause)) continue
    log.error({ err: cause, 'error.id': idOf(cause), path: error.path }, 'Unexpected error')
  }
}

/** The one place where an error of the domain becomes an error of the graph. What is unexpected says nothing. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const cause = unwrapResolverError(error)
  const where = { ...(formatted.path && { path: formatted.path }) }
  if (isDomainError(cause)) {
    const retryable = isRetryable(cause.kind)
    return {
      ...where,
      message: cause.message,
      extensions: { code: cause.code, ...(retryable && { retryable }), ...cause.details },
    }
  }
  const code = formatted.extensions?.['code']
  if (typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR') {
    return { ...where, message: formatted.message, extensions: { code } }
  }
  const errorId = idOf(cause)
  return {
    ...where,
    message: `Something went wrong on our side. If it stays, report it with the id ${errorId}.`,
    extensions: { code: 'INTERNAL_SERVER_ERROR', errorId },
  }
}

function isExpected(error: GraphQLError, cause: unknown): boolean {
  const code = error.extensions['code']
  return cause instanceof DomainError || (typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR')
}

function isRetryable(kind: DomainErrorKind): boolean {
  switch (kind) {
    case 'unavailable':
    case 'limited':
      return true
    case 'invalid':
    case 'unauthenticated':
    case 'forbidden':
    case 'not-found':
    case 'conflict':
      return false
    default:
      return assertNever(kind)
  }
}

function idOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return randomUUID()
  let id = errorIds.get(cause)
  if (!id) errorIds.set(cause, (id = randomUUID()))
  return id
}
