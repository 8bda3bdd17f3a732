import type { RequestContext } from '@courtside/subgraph'
import type { Database } from '../db.ts'
import type { OwnershipPolicy } from '../ownership.policy.ts'
import { createMembershipLoaders, type MembershipLoaders } from './memberships.loaders.ts'
import { membershipResolvers } from './memberships.resolvers.ts'
import { createMembershipsService, type MembershipsService } from './memberships.service.ts'

export type { Entitlement, Membership } from './membership.ts'
export type { MembershipLoaders } from './memberships.loaders.ts'
export type { MembershipPage, MembershipsService } from './memberships.service.ts'

export interface MembershipsModule {
  service: MembershipsService
  resolvers: typeof membershipResolvers
  createLoaders(request: RequestContext): MembershipLoaders
}

/** Who subscribes to whom, and what that opens. */
export function createMembershipsModule(dependencies: {
  db: Database
  ownership: OwnershipPolicy
}): MembershipsModule {
  const service = createMembershipsService(dependencies)
  return {
    service,
    resolvers: membershipResolvers,
    createLoaders: (request) => createMembershipLoaders(service, request),
  }
}
