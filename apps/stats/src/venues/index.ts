import { createEntityLoader } from '../entity-loader.ts'
import { findVenues } from './venues.repository.ts'
import { createVenuesResolvers } from './venues.resolvers.ts'
import { createVenuesService, type VenuesDependencies } from './venues.service.ts'

export type { Venue } from './venue.ts'
export { findVenues, venueEntity } from './venues.repository.ts'

export function createVenuesModule(dependencies: VenuesDependencies) {
  return {
    resolvers: createVenuesResolvers(createVenuesService(dependencies)),
    /** For one operation. */
    createLoader: () => createEntityLoader(dependencies.database, findVenues),
  }
}
