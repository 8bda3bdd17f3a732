import { createEntityLoader } from '../entity-loader.ts'
import { findSeasons } from './seasons.repository.ts'
import { createSeasonsResolvers } from './seasons.resolvers.ts'
import { createSeasonsService, type SeasonsDependencies } from './seasons.service.ts'

export type { Season } from './season.ts'
export { notInSeason } from './seasons.errors.ts'
export { isWithin } from './seasons.policy.ts'
export { findSeasons, holdSeason, seasonEntity } from './seasons.repository.ts'

export function createSeasonsModule(dependencies: SeasonsDependencies) {
  return {
    resolvers: createSeasonsResolvers(createSeasonsService(dependencies)),
    /** For one operation. */
    createLoader: () => createEntityLoader(dependencies.database, findSeasons),
  }
}
