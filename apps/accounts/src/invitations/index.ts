import { invitationResolvers } from './invitations.resolvers.ts'
import {
  createInvitationsService,
  type InvitationsDependencies,
  type InvitationsService,
} from './invitations.service.ts'

export { acceptance, acceptanceLink } from './acceptance-link.ts'
export { inviteFirstAdmin } from './first-admin.ts'
export { createInvitationToken, hashOfInvitation } from './invitation.policy.ts'
export type { InvitationsService } from './invitations.service.ts'

export interface InvitationsModule {
  service: InvitationsService
  resolvers: typeof invitationResolvers
}

/** One-time links that make an account with roles. */
export function createInvitationsModule(dependencies: InvitationsDependencies): InvitationsModule {
  return { service: createInvitationsService(dependencies), resolvers: invitationResolvers }
}
