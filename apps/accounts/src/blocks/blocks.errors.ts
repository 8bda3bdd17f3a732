import { DomainError } from '@courtside/kernel'

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
  new DomainError({
    kind: 'invalid',
    code: 'BAD_USER_INPUT',
    message: 'The input is not valid. expiresAt: must lie in the future.',
    details: { faults: [{ path: ['expiresAt'], message: 'must lie in the future' }] },
  })
