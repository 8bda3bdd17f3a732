import { DomainError } from '@courtside/kernel'

export const apiKeyNotFound = () =>
  new DomainError({
    kind: 'not-found',
    code: 'ACCOUNTS_API_KEY_NOT_FOUND',
    message: 'There is no such API key. Check the id.',
  })

export const apiKeyRevoked = () =>
  new DomainError({
    kind: 'conflict',
    code: 'ACCOUNTS_API_KEY_REVOKED',
    message: 'This API key has been revoked for good. Create another one.',
  })
