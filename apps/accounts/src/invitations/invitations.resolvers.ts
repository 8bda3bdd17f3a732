import type { Resolvers } from '../generated/graphql.ts'

export const invitationResolvers: Resolvers = {
  Mutation: {
    acceptInvitation: (_root, { input }, context) => context.services.invitations.accept(context, input),
  },
}
