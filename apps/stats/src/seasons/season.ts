import type { Day } from '../day.ts'

export interface Season {
  id: string
  sportId: string
  label: string
  startsOn: Day
  endsOn: Day
  createdAt: Date
  updatedAt: Date
}
