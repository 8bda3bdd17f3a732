import type { StatsHarness } from './open-stats.ts'

/** A season of one sport with some teams, all in one conference. */
export interface SeasonWithTeams {
  sportId: string
  seasonId: string
  conferenceId: string
  teamIds: string[]
}

export async function makeSeason({ make }: StatsHarness, teams: number): Promise<SeasonWithTeams> {
  const sportId = await make.sport()
  const seasonId = await make.season({ sportId })
  const conferenceId = await make.conference({ sportId })
  const teamIds: string[] = []
  for (let team = 0; team < teams; team++) {
    const teamId = await make.team({ sportId })
    await make.seasonEntry({ seasonId, teamId, conferenceId })
    teamIds.push(teamId)
  }
  return { sportId, seasonId, conferenceId, teamIds }
}
