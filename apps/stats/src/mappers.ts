/** What resolvers get as the parent of each type of the graph. */
import type { AuditEntry, AuditPage } from '@courtside/audit'
import type { Conference } from './conferences/index.ts'
import type { FollowedGameChange } from './followed-games/index.ts'
import type { Game, GameChange } from './games/index.ts'
import type { CountedConnection } from './lists/index.ts'
import type { Player } from './players/index.ts'
import type { RosterEntry } from './rosters/index.ts'
import type { RuleSet } from './rule-sets/index.ts'
import type { SeasonEntry, SeasonTeam } from './season-entries/index.ts'
import type { Season } from './seasons/index.ts'
import type { Sport } from './sports/index.ts'
import type { Team } from './teams/index.ts'
import type { Venue } from './venues/index.ts'

export type {
  AuditEntry as AuditEntryParent,
  AuditPage as AuditEntryConnectionParent,
  Conference as ConferenceParent,
  Game as GameParent,
  FollowedGameChange as FollowedGameChangeParent,
  GameChange as GameChangeParent,
  Player as PlayerParent,
  RosterEntry as RosterEntryParent,
  RuleSet as RuleSetParent,
  Season as SeasonParent,
  SeasonEntry as SeasonEntryParent,
  Sport as SportParent,
  Team as TeamParent,
  Venue as VenueParent,
}

export type ConferenceConnectionParent = CountedConnection<Conference>
export type GameConnectionParent = CountedConnection<Game>
export type PlayerConnectionParent = CountedConnection<Player>
export type RosterEntryConnectionParent = CountedConnection<RosterEntry>
export type RuleSetConnectionParent = CountedConnection<RuleSet>
export type SeasonConnectionParent = CountedConnection<Season>
export type SeasonEntryConnectionParent = CountedConnection<SeasonEntry>
export type SeasonTeamConnectionParent = CountedConnection<SeasonTeam>
export type SeasonTeamEdgeParent = { cursor: string; node: SeasonTeam }
export type SportConnectionParent = CountedConnection<Sport>
export type TeamConnectionParent = CountedConnection<Team>
export type VenueConnectionParent = CountedConnection<Venue>
