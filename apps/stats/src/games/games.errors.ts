import { DomainError } from '@courtside/kernel'
import { type GameStatus, nextStatuses } from './game-status.policy.ts'
import type { Game } from './game.ts'

export const versionConflict = (expected: number, actual: number) =>
  new DomainError({
    kind: 'conflict',
    code: 'STATS_VERSION_CONFLICT',
    message: `The game has changed since you read it: it is at version ${actual}, not ${expected}. Read it again and decide.`,
    details: { expected, actual },
  })

export const illegalTransition = (game: Pick<Game, 'status' | 'startedAt'>, to: GameStatus) => {
  const from = game.status
  const allowed = nextStatuses(game)
  return new DomainError({
    kind: 'conflict',
    code: 'STATS_ILLEGAL_TRANSITION',
    message: `A game that is ${from} cannot become ${to}. It can become ${allowed.join(', ') || 'nothing else'}.`,
    details: { from, to, allowed },
  })
}

export const teamBusy = (teamId: string, other: Pick<Game, 'id' | 'startsAt'>) =>
  new DomainError({
    kind: 'conflict',
    code: 'STATS_TEAM_BUSY',
    message: `A team has another game at ${other.startsAt.toISOString()}, less than two hours from this one. Choose another time.`,
    details: { teamId, gameId: other.id, startsAt: other.startsAt.toISOString() },
  })

export const notInConference = (teamId: string, conferenceId: string) =>
  new DomainError({
    kind: 'conflict',
    code: 'STATS_NOT_IN_CONFERENCE',
    message: 'conferenceId: both teams must play in this conference in this season. One of them does not.',
    details: { teamId, conferenceId },
  })

export const outOfSeason = (startsOn: string, endsOn: string) =>
  new DomainError({
    kind: 'invalid',
    code: 'STATS_OUT_OF_SEASON',
    message: `startsAt: the season is from ${startsOn} to ${endsOn}. Choose a day of it.`,
    details: { startsOn, endsOn },
  })

export const alreadyStarted = (status: GameStatus) =>
  new DomainError({
    kind: 'conflict',
    code: 'STATS_GAME_STARTED',
    message: `Teams and rules can change while a game is scheduled or postponed only. This one is ${status}.`,
    details: { status },
  })

export const notReschedulable = (status: GameStatus) =>
  new DomainError({
    kind: 'conflict',
    code: 'STATS_NOT_RESCHEDULABLE',
    message: `Only a scheduled or postponed game gets a new time. This one is ${status}.`,
    details: { status },
  })

export const notDeletable = (status: GameStatus) =>
  new DomainError({
    kind: 'conflict',
    code: 'STATS_GAME_PLAYED',
    message: `Only a game that was never played, and is scheduled or cancelled, can be deleted. Cancel this one instead: changeGameStatus. It is ${status}.`,
    details: { status },
  })

export const sameTeams = () =>
  new DomainError({
    kind: 'invalid',
    code: 'BAD_USER_INPUT',
    message: 'The input is not valid. awayTeamId: a team cannot play against itself.',
    details: { faults: [{ path: ['awayTeamId'], message: 'a team cannot play against itself' }] },
  })

export const reasonNeeded = (status: GameStatus) =>
  new DomainError({
    kind: 'invalid',
    code: 'BAD_USER_INPUT',
    message: `The input is not valid. reason: people will ask why a game is ${status}. Say it.`,
    details: { faults: [{ path: ['reason'], message: `is needed for ${status}` }] },
  })
