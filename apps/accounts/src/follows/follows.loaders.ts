import { type Batch, createBatch } from '@courtside/subgraph'
import type { Caller } from '../caller.ts'
import type { CountedTarget, FollowerCountRepository } from './follower-counts.repository.ts'
import type { Follow } from './follow.ts'
import type { FollowsService } from './follows.service.ts'

export interface FollowLoaders {
  /** The caller's own follow of a target, by the id of the target in small letters. */
  ownFollow: Batch<string, Follow | null>
  followerCount: Batch<CountedTarget, number>
}

export function createFollowLoaders(
  service: FollowsService,
  counts: FollowerCountRepository,
  caller: Caller,
): FollowLoaders {
  return {
    ownFollow: createBatch(
      (targetIds) => service.findAmong(caller, targetIds),
      () => null,
    ),
    followerCount: createBatch(
      (targets) => counts.byTargets(targets),
      () => 0,
    ),
  }
}
