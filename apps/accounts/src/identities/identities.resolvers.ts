import type { Resolvers } from '../generated/graphql.ts'

export const identityResolvers: Resolvers = {
  Query: {
    resolveCredential: async (_root, { input }, context) => {
      const principal = await context.services.resolution.resolve(context, input)
      if (!principal) return null
      const { roles, scopes, allowedOperations } = principal
      return {
        ...principal,
        roles: [...roles],
        scopes: [...scopes],
        allowedOperations: allowedOperations && [...allowedOperations],
      }
    },
  },
  Mutation: {
    unlinkIdentity: async (_root, { input }, context) => ({
      me: await context.services.identities.unlink(context, input),
    }),
  },
  Me: {
    identities: ({ id }, _args, context) => context.services.identities.identitiesOf(context, id),
  },
}
