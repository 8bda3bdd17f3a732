import { createEntityLoader } from '../entity-loader.ts'
import { findTeams } from './teams.repository.ts'
import { createTeamsResolvers } from './teams.resolvers.ts'
import { createTeamsService, type TeamsDependencies } from './teams.service.ts'

export type { Team } from './team.ts'
export { findTeams, lockTeams, teamEntity } from './teams.repository.ts'

export function createTeamsModule(dependencies: TeamsDependencies) {
  return {
    resolvers: createTeamsResolvers(createTeamsService(dependencies)),
    /** For one operation. */
    createLoader: () => createEntityLoader(dependencies.database, findTeams),
  }
}
