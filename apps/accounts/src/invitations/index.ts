import type { Resolvers } from '../generated/graphql.ts'
import {
  createInvitationsService,
  type InvitationsDependencies,
  type InvitationsService,
} from './invitations.service.ts'

export { acceptanceLink } from './acceptance-link.ts'
export { inviteFirstAdmin } from './first-admin.ts'
export type { InvitationsService } from './invitations.service.ts'

const invitationResolvers: Resolvers = {
  Mutation: {
    acceptInvitation: (_root, { input }, context) => context.services.invitations.accept(context, input),
  },
}

export interface InvitationsModule {
  service: InvitationsService
  resolvers: typeof invitationResolvers
}

/** One-time links that make an account with roles. */
export function createInvitationsModule(dependencies: InvitationsDependencies): InvitationsModule {
  return { service: createInvitationsService(dependencies), resolvers: invitationResolvers }
}
