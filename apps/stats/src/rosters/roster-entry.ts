import type { Day } from '../day.ts'

export interface RosterEntry {
  id: string
  teamId: string
  seasonId: string
  playerId: string
  sportId: string
  number: number
  isCaptain: boolean
  isLibero: boolean
  joinedOn: Day
  /** The last day; null while the player belongs to the team. */
  leftOn: Day | null
  createdAt: Date
  updatedAt: Date
}
