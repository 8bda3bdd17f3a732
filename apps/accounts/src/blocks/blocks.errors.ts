import { DomainError } from '@courtside/kernel'
import { invalidInput } from '@courtside/validation'

export const cannotBlockOneself = () =>
  new DomainError({
    kind: 'invalid',
    code: 'ACCOUNTS_CANNOT_BLOCK_ONESELF',
    message: 'Nobody blocks themselves. Give the id of somebody else.',
  })

export const cannotMuteOneself = () =>
  new DomainError({
    kind: 'invalid',
    code: 'ACCOUNTS_CANNOT_MUTE_ONESELF',
    message: 'Nobody mutes themselves. Give the id of somebody else.',
  })

export const muteMustEndLater = () =>
  invalidInput([{ path: ['expiresAt'], message: 'must lie in the future' }])
