import type { Resolvers } from '../generated/graphql.ts'
import { profileOf } from '../users/index.ts'

export const membershipResolvers: Resolvers = {
  Membership: {
    __resolveReference: ({ id }, { loaders }) => loaders.membership.load(id),
    subscriber: ({ subscriberId }, _args, { loaders }) => profileOf(loaders, subscriberId),
    creator: ({ creatorId }, _args, { loaders }) => profileOf(loaders, creatorId),
  },
  Entitlement: {
    creator: ({ creatorId }, _args, { loaders }) => profileOf(loaders, creatorId),
  },
  Me: {
    memberships: ({ id }, { state, ...page }, context) =>
      context.services.memberships.list(
        context,
        { side: 'subscriber', ownerId: id, state: state ?? null },
        page,
      ),
    members: ({ id }, { state, ...page }, context) =>
      context.services.memberships.list(
        context,
        { side: 'creator', ownerId: id, state: state ?? null },
        page,
      ),
    entitlement: ({ id }, input, { loaders }) => loaders.entitlement.load(id, input),
  },
  Mutation: {
    grantMembership: (_root, { input }, context) => context.services.memberships.grant(context, input),
    endMembership: async (_root, { input }, context) => ({
      membership: await context.services.memberships.end(context, input),
    }),
  },
}
