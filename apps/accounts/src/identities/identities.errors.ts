import { DomainError } from '@courtside/kernel'

export const identityNotFound = () =>
  new DomainError({
    kind: 'not-found',
    code: 'ACCOUNTS_IDENTITY_NOT_FOUND',
    message: 'There is no such identity among yours. Check the id.',
  })

export const lastWayIn = () =>
  new DomainError({
    kind: 'conflict',
    code: 'ACCOUNTS_LAST_WAY_IN',
    message: 'This is the only way into your account. Unlink it after you have another one.',
  })
