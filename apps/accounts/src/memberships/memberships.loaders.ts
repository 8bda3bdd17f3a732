import { type Batch, createBatch } from '@courtside/subgraph'
import { parseInput, uuid } from '@courtside/validation'
import * as z from 'zod'
import type { Caller } from '../caller.ts'
import type { Entitlement, Membership } from './membership.ts'
import type { MembershipsService } from './memberships.service.ts'

export interface MembershipLoaders {
  /** Null for one that does not exist, and for one that is none of the caller's business. */
  membership: Batch<string, Membership | null>
  /** What somebody may see of a creator; null when nobody uses that account. Refuses what is no id. */
  entitlement: { load(subscriberId: string, input: unknown): Promise<Entitlement | null> }
}

const entitlementInput = z.object({ creatorId: uuid() })

export function createMembershipLoaders(service: MembershipsService, caller: Caller): MembershipLoaders {
  const entitlements = new Map<string, Batch<string, Entitlement | null>>()
  const entitlementsOf = (subscriberId: string) => {
    let batch = entitlements.get(subscriberId)
    if (!batch) {
      batch = createBatch<string, Entitlement>(
        (creatorIds) => service.entitlements(caller, subscriberId, creatorIds),
        () => null,
      )
      entitlements.set(subscriberId, batch)
    }
    return batch
  }
  return {
    membership: createBatch(
      (ids) => service.findAll(caller, ids),
      () => null,
    ),
    entitlement: {
      load: async (subscriberId, input) =>
        entitlementsOf(subscriberId).load(parseInput(entitlementInput, input).creatorId),
    },
  }
}
