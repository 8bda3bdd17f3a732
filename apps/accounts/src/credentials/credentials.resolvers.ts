import type { Resolvers } from '../generated/graphql.ts'

export const credentialResolvers: Resolvers = {
  Mutation: {
    changeEmail: async (_root, { input }, context) => ({
      me: await context.services.credentials.changeEmail(context, input),
    }),
    changePassword: async (_root, { input }, context) => ({
      endedSessionIds: await context.services.credentials.changePassword(context, input),
    }),
  },
}
