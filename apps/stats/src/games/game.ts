import type { GameStatus } from './game-status.policy.ts'

export interface Game {
  id: string
  /** The sport of everything the game refers to. */
  sportId: string
  seasonId: string
  conferenceId: string | null
  homeTeamId: string
  awayTeamId: string
  venueId: string | null
  ruleSetId: string | null
  name: string | null
  round: string | null
  isNeutralSite: boolean
  startsAt: Date
  status: GameStatus
  statusReason: string | null
  statusChangedAt: Date
  startedAt: Date | null
  endedAt: Date | null
  version: number
  createdAt: Date
  updatedAt: Date
}
