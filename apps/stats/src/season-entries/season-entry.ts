export interface SeasonEntry {
  id: string
  seasonId: string
  teamId: string
  conferenceId: string | null
  sportId: string
  createdAt: Date
  updatedAt: Date
}
