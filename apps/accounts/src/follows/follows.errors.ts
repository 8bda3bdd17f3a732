import { DomainError } from '@courtside/kernel'
import { MOST_FOLLOWS } from './follows.policy.ts'

export const cannotFollowOneself = () =>
  new DomainError({
    kind: 'invalid',
    code: 'ACCOUNTS_CANNOT_FOLLOW_ONESELF',
    message: 'Nobody follows themselves. Give the id of somebody else.',
  })

export const tooManyFollows = () =>
  new DomainError({
    kind: 'limited',
    code: 'ACCOUNTS_TOO_MANY_FOLLOWS',
    message: `You follow ${MOST_FOLLOWS} already, which is the most. Unfollow something first.`,
  })
