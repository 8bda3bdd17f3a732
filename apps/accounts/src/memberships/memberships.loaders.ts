import { type Batch, createBatch } from '@courtside/subgraph'
import type { Caller } from '../caller.ts'
import type { Membership } from './membership.ts'
import type { MembershipsService } from './memberships.service.ts'

export interface MembershipLoaders {
  /** Null for one that does not exist, and for one that is none of the caller's business. */
  membership: Batch<string, Membership | null>
}

export function createMembershipLoaders(service: MembershipsService, caller: Caller): MembershipLoaders {
  return {
    membership: createBatch(
      (ids) => service.findAll(caller, ids),
      () => null,
    ),
  }
}
