import { findConferences } from '../conferences/index.ts'
import type { Tx } from '../db.ts'
import { inactive, otherSport, unknownReference } from '../errors.ts'
import { findRuleSets } from '../rule-sets/index.ts'
import { holdSeasonEntries } from '../season-entries/index.ts'
import { holdSeason, isWithin, notInSeason, type Season } from '../seasons/index.ts'
import { findTeams, lockTeams } from '../teams/index.ts'
import { findVenues } from '../venues/index.ts'
import type { Game } from './game.ts'
import { notInConference, outOfSeason, sameTeams, teamBusy } from './games.errors.ts'
import { findRivalGame } from './games.repository.ts'

type Plan = Pick<
  Game,
  'seasonId' | 'homeTeamId' | 'awayTeamId' | 'conferenceId' | 'venueId' | 'ruleSetId' | 'startsAt'
>

/**
 * That a game can be played as planned, but for the time of its teams. Against `before`, only what changes is checked:
 * a team that has been deactivated since keeps the games it has. Returns the season, which gives the game its sport.
 */
export async function assertPlan(tx: Tx, plan: Plan, before: Plan | null = null): Promise<Season> {
  const { seasonId, homeTeamId, awayTeamId, conferenceId, venueId, ruleSetId, startsAt } = plan
  if (homeTeamId === awayTeamId) throw sameTeams()
  const season = await holdSeason(tx, seasonId)
  if (!season) throw unknownReference('seasonId', seasonId)
  if (startsAt.getTime() !== before?.startsAt.getTime() && !isWithin(season, startsAt)) {
    throw outOfSeason(season.startsOn, season.endsOn)
  }
  const movesTeams = homeTeamId !== before?.homeTeamId || awayTeamId !== before.awayTeamId
  if (movesTeams) await assertTeams(tx, plan, season)
  if (movesTeams || conferenceId !== before.conferenceId) await assertConference(tx, plan, season)
  if (venueId !== null && venueId !== before?.venueId && !(await findVenues(tx, [venueId])).has(venueId)) {
    throw unknownReference('venueId', venueId)
  }
  if (ruleSetId !== null && ruleSetId !== before?.ruleSetId) {
    const ruleSet = (await findRuleSets(tx, [ruleSetId])).get(ruleSetId)
    if (!ruleSet) throw unknownReference('ruleSetId', ruleSetId)
    if (ruleSet.sportId !== season.sportId) throw otherSport('ruleSetId', ruleSetId)
  }
  return season
}

async function assertTeams(
  tx: Tx,
  { homeTeamId, awayTeamId, seasonId }: Plan,
  season: Season,
): Promise<void> {
  const teams = await findTeams(tx, [homeTeamId, awayTeamId])
  const entries = await holdSeasonEntries(tx, seasonId, [homeTeamId, awayTeamId])
  for (const [field, id] of Object.entries({ homeTeamId, awayTeamId })) {
    const team = teams.get(id)
    if (!team) throw unknownReference(field, id)
    if (team.sportId !== season.sportId) throw otherSport(field, id)
    if (!team.isActive) throw inactive(field, id)
    if (!entries.some((entry) => entry.teamId === id)) throw notInSeason(field, id, seasonId)
  }
}

async function assertConference(
  tx: Tx,
  { homeTeamId, awayTeamId, seasonId, conferenceId }: Plan,
  season: Season,
): Promise<void> {
  if (conferenceId === null) return
  const conference = (await findConferences(tx, [conferenceId])).get(conferenceId)
  if (!conference) throw unknownReference('conferenceId', conferenceId)
  if (conference.sportId !== season.sportId) throw otherSport('conferenceId', conferenceId)
  const entries = await holdSeasonEntries(tx, seasonId, [homeTeamId, awayTeamId])
  const stranger = entries.find((entry) => entry.conferenceId !== conferenceId)
  if (stranger) throw notInConference(stranger.teamId, conferenceId)
}

/** That both teams have time. Locks them first: of two games for one team at one time, the second sees the first. */
export async function assertTeamsFree(
  tx: Tx,
  { homeTeamId, awayTeamId, startsAt }: Pick<Game, 'homeTeamId' | 'awayTeamId' | 'startsAt'>,
  exceptId: string | null,
): Promise<void> {
  await lockTeams(tx, [homeTeamId, awayTeamId])
  const rival = await findRivalGame(tx, [homeTeamId, awayTeamId], startsAt, exceptId)
  if (rival) throw teamBusy(rival.teamId, rival)
}
