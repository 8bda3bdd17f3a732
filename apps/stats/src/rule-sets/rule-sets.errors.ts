import { DomainError } from '@courtside/kernel'

export const ruleSetUsed = (id: string, games: number) =>
  new DomainError({
    kind: 'conflict',
    code: 'STATS_RULE_SET_USED',
    message: `${games} games go by this rule set, so it no longer changes. Create its next edition: supersedeRuleSet.`,
    details: { id, games },
  })

export const alreadySuperseded = () =>
  new DomainError({
    kind: 'conflict',
    code: 'STATS_ALREADY_SUPERSEDED',
    message: 'This edition has been superseded already. Supersede the newest edition.',
  })

export const notVolleyball = (sportId: string) =>
  new DomainError({
    kind: 'invalid',
    code: 'STATS_OTHER_SPORT',
    message: 'sportId: these are rules of volleyball. Choose a sport of kind VOLLEYBALL.',
    details: { field: 'sportId', id: sportId },
  })
