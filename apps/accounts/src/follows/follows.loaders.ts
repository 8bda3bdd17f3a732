import { type Batch, createBatch } from '@courtside/subgraph'
import type { Caller } from '../caller.ts'
import type { Follow } from './follow.ts'
import type { FollowsService } from './follows.service.ts'

export interface FollowLoaders {
  /** The caller's own follow of a target, by the id of the target in small letters. */
  ownFollow: Batch<string, Follow | null>
}

export function createFollowLoaders(service: FollowsService, caller: Caller): FollowLoaders {
  return {
    ownFollow: createBatch(
      (targetIds) => service.findAmong(caller, targetIds),
      () => null,
    ),
  }
}
