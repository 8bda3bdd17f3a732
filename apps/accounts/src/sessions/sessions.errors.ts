import { DomainError } from '@courtside/kernel'

export const sessionNotFound = () =>
  new DomainError({
    kind: 'not-found',
    code: 'ACCOUNTS_SESSION_NOT_FOUND',
    message: 'There is no such session among yours. It may have ended already.',
  })
