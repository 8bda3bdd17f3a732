import { principals, type SubgraphHarness } from '@courtside/testing'
import { createFixtures, hoursFromNow } from './fixtures.ts'

/** Some of everything, enough to join it all. The clock must stand within 2026-2027. */
export interface League {
  sportId: string
  /** Of another kind. */
  otherSportId: string
  /** The first is that of the games and rosters. */
  seasonIds: string[]
  conferenceIds: string[]
  venueIds: string[]
  /** Four that take part in the season, all in the first conference. */
  teamIds: string[]
  /** Two for each team, in the order of the teams. */
  playerIds: string[]
  ruleSetIds: string[]
  /** The first two teams against each other at the first venue, and the other two. */
  gameIds: string[]
}

export async function seedLeague(stats: SubgraphHarness): Promise<League> {
  const make = createFixtures(stats.as(principals.user('admin')))
  const sportId = await make.sport()
  const otherSportId = await make.sport({ kind: 'BASKETBALL', name: 'Basketball' })
  const seasonIds = [
    await make.season({ sportId }),
    await make.season({ sportId, label: '2027-2028', startsOn: '2027-09-01', endsOn: '2028-05-31' }),
  ]
  const [seasonId] = seasonIds as [string]
  const conferenceIds = [await make.conference({ sportId }), await make.conference({ sportId })]
  const [conferenceId] = conferenceIds as [string]
  const venueIds = [await make.venue(), await make.venue()]
  const ruleSetIds = [await make.ruleSet({ sportId }), await make.ruleSet({ sportId })]

  const teamIds: string[] = []
  const playerIds: string[] = []
  for (let team = 0; team < 4; team++) {
    const teamId = await make.team({ sportId })
    await make.seasonEntry({ seasonId, teamId, conferenceId })
    for (const number of [7, 9]) {
      const playerId = await make.player()
      await make.rosterEntry({ teamId, seasonId, playerId, number, isCaptain: number === 7 })
      playerIds.push(playerId)
    }
    teamIds.push(teamId)
  }

  const [one, two, three, four] = teamIds as [string, string, string, string]
  const about = { seasonId, conferenceId, ruleSetId: ruleSetIds[0] }
  const gameIds = [
    await make.game({ ...about, homeTeamId: one, awayTeamId: two, venueId: venueIds[0] }),
    await make.game({ ...about, homeTeamId: three, awayTeamId: four, startsAt: hoursFromNow(48) }),
  ]
  return {
    sportId,
    otherSportId,
    seasonIds,
    conferenceIds,
    venueIds,
    teamIds,
    playerIds,
    ruleSetIds,
    gameIds,
  }
}
