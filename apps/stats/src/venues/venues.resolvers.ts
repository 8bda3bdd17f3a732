import type { Resolvers } from '../generated/graphql.ts'
import { countedConnection } from '../lists/index.ts'
import type { VenuesService } from './venues.service.ts'

export function createVenuesResolvers(venues: VenuesService): Resolvers {
  return {
    Query: {
      venue: (_root, { id }, { loaders }) => loaders.venues.find(id),
      venues: (_root, { filter, order, ...page }) => venues.list(filter, order, page),
    },
    Mutation: {
      createVenue: async (_root, { input }, { caller }) => ({ venue: await venues.create(caller, input) }),
      updateVenue: async (_root, { input }, { caller }) => ({ venue: await venues.update(caller, input) }),
      deleteVenue: async (_root, { input }, { caller }) => ({
        deletedId: await venues.remove(caller, input),
      }),
    },
    Venue: {
      __resolveReference: ({ id }, { loaders }) => loaders.venues.find(id),
    },
    VenueConnection: countedConnection,
  }
}
