import { accessTo, type Principal } from '@courtside/auth'
import { DomainError } from '@courtside/kernel'
import type { RequiredAccess } from './required-access.ts'

/** Refuses an operation that reads what this caller may not, before any of it is planned or run. */
export function assertAccess(required: readonly RequiredAccess[], principal: Principal): void {
  const refused = required.filter(({ requirement }) => accessTo(requirement, principal) !== 'granted')
  if (refused.length === 0) return
  const paths = unique(refused.flatMap((access) => access.paths))
  const named = paths.map((path) => path.join('.')).join(', ')
  if (principal.kind === 'anonymous') {
    throw new DomainError({
      kind: 'unauthenticated',
      code: 'UNAUTHENTICATED',
      message: `Sign in to use ${named}.`,
      details: { paths },
    })
  }
  throw new DomainError({
    kind: 'forbidden',
    code: 'FORBIDDEN',
    message: `You may not use ${named}. Leave it out, or use an account or key that may.`,
    details: { paths },
  })
}

function unique(paths: readonly (readonly string[])[]): (readonly string[])[] {
  return [...new Map(paths.map((path) => [path.join('.'), path])).values()]
}
