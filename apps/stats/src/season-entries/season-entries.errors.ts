import { DomainError } from '@courtside/kernel'

export const conferenceGames = (conferenceId: string, games: number) =>
  new DomainError({
    kind: 'conflict',
    code: 'STATS_IN_USE',
    message: `The team has ${games} games in this season that count for its conference. Change those first.`,
    details: { entityType: 'Conference', id: conferenceId, references: [{ what: 'games', count: games }] },
  })
