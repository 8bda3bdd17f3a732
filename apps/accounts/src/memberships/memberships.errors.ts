import { DomainError } from '@courtside/kernel'
import { invalidInput } from '@courtside/validation'

export const membershipNotFound = () =>
  new DomainError({
    kind: 'not-found',
    code: 'ACCOUNTS_MEMBERSHIP_NOT_FOUND',
    message: 'You have no such membership. Check the id.',
  })

export const cannotSubscribeToOneself = () =>
  new DomainError({
    kind: 'invalid',
    code: 'ACCOUNTS_CANNOT_SUBSCRIBE_TO_ONESELF',
    message: 'Nobody is a member of themselves. Give two different people.',
  })

export const expiryMustLieAhead = () =>
  invalidInput([{ path: ['expiresAt'], message: 'must lie in the future' }])

export const idempotencyKeyReused = () =>
  new DomainError({
    kind: 'conflict',
    code: 'ACCOUNTS_IDEMPOTENCY_KEY_REUSED',
    message: 'This idempotencyKey stands for another grant. Take a new key for a new grant.',
  })
