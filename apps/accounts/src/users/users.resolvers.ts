import { scopesOf } from '@courtside/auth'
import type { Resolvers } from '../generated/graphql.ts'
import { toRoleName } from '../role-name.ts'
import { shownEmail, toProfile } from './user.policy.ts'

export const userResolvers: Resolvers = {
  Query: {
    me: (_root, _args, context) => context.services.users.me(context),
    user: (_root, { id }, { services }) => services.users.user(id),
    userByUsername: (_root, { username }, { services }) => services.users.userByUsername(username),
    users: (_root, args, { services }) => services.users.users(args),
  },
  Mutation: {
    updateProfile: async (_root, { input }, context) => ({
      me: await context.services.users.updateProfile(context, input),
    }),
  },
  User: {
    __resolveReference: ({ id }, { loaders }) => loaders.profile.load(id),
  },
  Me: {
    __resolveReference: ({ id }, context) => context.services.users.ownAccount(context, id),
    user: (account) => toProfile(account),
    email: ({ email }) => shownEmail(email),
    roles: ({ roles }) => roles.map(toRoleName),
    scopes: ({ roles }) => [...scopesOf(roles)],
  },
}
