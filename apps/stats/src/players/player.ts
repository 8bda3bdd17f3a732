import type { Day } from '../day.ts'

export const PLAYER_POSITIONS = [
  'OUTSIDE_HITTER',
  'OPPOSITE',
  'MIDDLE_BLOCKER',
  'SETTER',
  'LIBERO',
  'DEFENSIVE_SPECIALIST',
  'SERVING_SPECIALIST',
] as const
export type PlayerPosition = (typeof PLAYER_POSITIONS)[number]

export interface Player {
  id: string
  firstName: string
  lastName: string
  displayName: string
  birthDate: Day | null
  heightCm: number | null
  position: PlayerPosition | null
  nationality: string | null
  isActive: boolean
  createdAt: Date
  updatedAt: Date
}
