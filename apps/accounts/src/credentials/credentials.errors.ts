import { DomainError } from '@courtside/kernel'

export const wrongPassword = () =>
  new DomainError({
    kind: 'forbidden',
    code: 'ACCOUNTS_WRONG_PASSWORD',
    message: 'The current password is wrong.',
  })

export const noPassword = () =>
  new DomainError({
    kind: 'conflict',
    code: 'ACCOUNTS_NO_PASSWORD',
    message: 'This account has no password: you sign in to it elsewhere. Change this there.',
  })

export const weakPassword = (message: string) =>
  new DomainError({ kind: 'invalid', code: 'ACCOUNTS_PASSWORD_WEAK', message })

export const tooManyAttempts = (retryAfterSeconds: number) =>
  new DomainError({
    kind: 'limited',
    code: 'RATE_LIMITED',
    message: `Too many attempts. Try again in ${retryAfterSeconds} s.`,
    details: { retryAfterSeconds },
  })
