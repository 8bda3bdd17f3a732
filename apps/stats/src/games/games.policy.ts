import type { GameStatus } from './game-status.policy.ts'

/**
 * Two games of one team begin at least this far apart. A game takes an hour and a half to two and a half; tournaments
 * play several a day, two hours apart at the closest.
 */
export const TEAM_WINDOW_MS = 2 * 3_600_000

/** A game with one of these statuses takes up none of its teams' time. */
export const FREEING_STATUSES: readonly GameStatus[] = ['POSTPONED', 'CANCELLED', 'FORFEITED']

export const occupiesTeams = (status: GameStatus): boolean => !FREEING_STATUSES.includes(status)

/** The times, both exclusive, at which no other game of the same team can begin. */
export function windowOf(startsAt: Date): { after: Date; before: Date } {
  return {
    after: new Date(startsAt.getTime() - TEAM_WINDOW_MS),
    before: new Date(startsAt.getTime() + TEAM_WINDOW_MS),
  }
}

/** Teams and rules are fixed once they are on court. */
export const canChangeSides = (status: GameStatus): boolean =>
  status === 'SCHEDULED' || status === 'POSTPONED'

export const canReschedule = (status: GameStatus): boolean => status === 'SCHEDULED' || status === 'POSTPONED'

export const canDelete = (game: { status: GameStatus; startedAt: Date | null }): boolean =>
  game.startedAt === null && (game.status === 'SCHEDULED' || game.status === 'CANCELLED')
