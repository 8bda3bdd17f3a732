import { DomainError } from '@courtside/kernel'

const taken = (code: string, message: string) => new DomainError({ kind: 'conflict', code, message })

export const numberTaken = () =>
  taken(
    'STATS_NUMBER_TAKEN',
    'Another player of the team wears this number in this season. Choose another one.',
  )

export const alreadyOnRoster = () =>
  taken('STATS_ALREADY_EXISTS', 'The player is on this roster already. Change that entry instead.')

export const onAnotherRoster = () =>
  taken(
    'STATS_ON_ANOTHER_ROSTER',
    'The player belongs to another team in this season. Give that entry a leftOn day first.',
  )

export const captainTaken = () =>
  taken(
    'STATS_CAPTAIN_TAKEN',
    'The team has a captain in this season. Take that from the other player first.',
  )

export const wrongDay = (field: string, fault: string) =>
  new DomainError({
    kind: 'invalid',
    code: 'BAD_USER_INPUT',
    message: `The input is not valid. ${field}: ${fault}.`,
    details: { faults: [{ path: [field], message: fault }] },
  })
