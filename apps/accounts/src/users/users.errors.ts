import { DomainError } from '@courtside/kernel'

export const userNotFound = () =>
  new DomainError({
    kind: 'not-found',
    code: 'ACCOUNTS_USER_NOT_FOUND',
    message: 'There is no such person. Check the id.',
  })

export const usernameTaken = () =>
  new DomainError({
    kind: 'conflict',
    code: 'ACCOUNTS_USERNAME_TAKEN',
    message: 'Somebody has this user name already. Choose another one.',
  })

export const emailTaken = () =>
  new DomainError({
    kind: 'conflict',
    code: 'ACCOUNTS_EMAIL_TAKEN',
    message: 'An account with this e-mail address exists already. Use another address.',
  })

export const foreignCursor = () =>
  new DomainError({
    kind: 'invalid',
    code: 'BAD_USER_INPUT',
    message: 'This cursor does not belong to this list. Use a cursor as the list returned it.',
  })
