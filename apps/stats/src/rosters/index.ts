import type { Clock } from '@courtside/kernel'
import { createRosterLoaders } from './rosters.loaders.ts'
import { createRostersResolvers } from './rosters.resolvers.ts'
import { createRostersService, type RostersDependencies } from './rosters.service.ts'

export type { RosterEntry } from './roster-entry.ts'
export type { RosterLoaders } from './rosters.loaders.ts'
export { rosterEntryEntity } from './rosters.repository.ts'

export function createRostersModule(dependencies: RostersDependencies & { clock: Clock }) {
  return {
    resolvers: createRostersResolvers(createRostersService(dependencies)),
    /** For one operation. */
    createLoaders: () => createRosterLoaders(dependencies.database, dependencies.clock),
  }
}
