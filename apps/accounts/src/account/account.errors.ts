import { DomainError } from '@courtside/kernel'

export const confirmationWrong = () =>
  new DomainError({
    kind: 'invalid',
    code: 'ACCOUNTS_CONFIRMATION_WRONG',
    message: 'This is not your user name. Type it as your profile shows it to erase your account.',
  })

export const passwordNeeded = () =>
  new DomainError({
    kind: 'forbidden',
    code: 'ACCOUNTS_PASSWORD_NEEDED',
    message: 'Give your password to erase your account.',
  })

export const accountChanged = () =>
  new DomainError({
    kind: 'conflict',
    code: 'ACCOUNTS_ACCOUNT_CHANGED',
    message: 'Your account was changed at the same moment. Look at it, then try again.',
  })
