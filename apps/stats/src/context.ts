import type { RequestContext } from '@courtside/subgraph'
import type { Conference } from './conferences/index.ts'
import type { EntityLoader } from './entity-loader.ts'
import type { GameLoaders } from './games/index.ts'
import type { Player } from './players/index.ts'
import type { RosterLoaders } from './rosters/index.ts'
import type { RuleSetLoaders } from './rule-sets/index.ts'
import type { SeasonEntryLoaders } from './season-entries/index.ts'
import type { Season } from './seasons/index.ts'
import type { Sport } from './sports/index.ts'
import type { Team } from './teams/index.ts'
import type { Venue } from './venues/index.ts'
import type { Caller } from './writes/index.ts'

/** Made for each operation: what a loader has read, it keeps. */
export interface Loaders {
  sports: EntityLoader<Sport>
  seasons: EntityLoader<Season>
  conferences: EntityLoader<Conference>
  venues: EntityLoader<Venue>
  teams: EntityLoader<Team>
  seasonEntries: SeasonEntryLoaders
  players: EntityLoader<Player>
  rosters: RosterLoaders
  ruleSets: RuleSetLoaders
  games: GameLoaders
}

export interface Context extends RequestContext {
  caller: Caller
  loaders: Loaders
}
