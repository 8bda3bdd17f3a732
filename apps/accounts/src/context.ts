import type { RequestContext } from '@courtside/subgraph'
import type { AuditLogService } from './audit/index.ts'
import type { BlocksService } from './blocks/index.ts'
import type { FollowLoaders, FollowsService } from './follows/index.ts'
import type { MembershipLoaders, MembershipsService } from './memberships/index.ts'
import type { UserStatsLoaders } from './user-stats/index.ts'
import type { UserLoaders, UsersService } from './users/index.ts'

/** The rules, one service a module. They live as long as the process and are told each time who asks. */
export interface Services {
  users: UsersService
  follows: FollowsService
  memberships: MembershipsService
  blocks: BlocksService
  auditLog: AuditLogService
}

/** What one operation has loaded, it keeps. */
export interface Loaders extends UserLoaders, UserStatsLoaders, FollowLoaders, MembershipLoaders {}

export interface Context extends RequestContext {
  services: Services
  loaders: Loaders
}
