import { DomainError } from '@courtside/kernel'

export const wrongDays = (fault: string) =>
  new DomainError({
    kind: 'invalid',
    code: 'BAD_USER_INPUT',
    message: `The input is not valid. endsOn: ${fault}.`,
    details: { faults: [{ path: ['endsOn'], message: fault }] },
  })

export const leftOutside = (games: number, rosterEntries: number) =>
  new DomainError({
    kind: 'conflict',
    code: 'STATS_OUT_OF_SEASON',
    message: `These days would leave out ${games} games and ${rosterEntries} roster entries of the season. Change those first.`,
    details: { games, rosterEntries },
  })

export const notInSeason = (field: string, teamId: string, seasonId: string) =>
  new DomainError({
    kind: 'conflict',
    code: 'STATS_NOT_IN_SEASON',
    message: `${field}: this team does not take part in the season. Enter it with createSeasonEntry first.`,
    details: { field, teamId, seasonId },
  })
