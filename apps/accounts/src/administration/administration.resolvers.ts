import type { Resolvers } from '../generated/graphql.ts'
import { toRoleName } from '../role-name.ts'
import { shownEmail, toProfile } from '../users/index.ts'

export const administrationResolvers: Resolvers = {
  Query: {
    account: (_root, { id }, context) => context.services.administration.account(context, id),
    accounts: (_root, args, context) => context.services.administration.accounts(context, args),
  },
  Mutation: {
    setUserActive: async (_root, { input }, context) => ({
      account: await context.services.administration.setUserActive(context, input),
    }),
    setUserVerified: async (_root, { input }, context) => ({
      account: await context.services.administration.setUserVerified(context, input),
    }),
  },
  Account: {
    user: (account) => toProfile(account),
    email: ({ email }) => shownEmail(email),
    roles: ({ roles }) => roles.map(toRoleName),
  },
}
