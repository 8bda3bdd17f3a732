import { ROLES, scopesOf } from '@courtside/auth'
import type { Resolvers } from '../generated/graphql.ts'
import { fromRoleName, toRoleName } from '../role-name.ts'
import { isGrantable, ROLE_DESCRIPTIONS } from './role.policy.ts'

export const roleResolvers: Resolvers = {
  Query: {
    roles: () =>
      ROLES.map((role) => ({
        role: toRoleName(role),
        description: ROLE_DESCRIPTIONS[role],
        scopes: [...scopesOf([role])],
        isGrantable: isGrantable(role),
      })),
  },
  Mutation: {
    grantRole: async (_root, { input: { userId, role } }, context) => {
      await context.services.roles.grant(context, { userId, role: fromRoleName(role) })
      return { account: await context.loaders.account.load(userId) }
    },
    revokeRole: async (_root, { input: { userId, role } }, context) => {
      await context.services.roles.revoke(context, { userId, role: fromRoleName(role) })
      return { account: await context.loaders.account.load(userId) }
    },
  },
}
