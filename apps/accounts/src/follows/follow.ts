import type { FollowTarget, TargetKind } from './follows.policy.ts'

export interface Follow {
  id: string
  followerId: string
  target: FollowTarget
  followedAt: Date
}

/** What `ownerId` follows: of one kind, or everything. */
export interface FollowList {
  ownerId: string
  kind: TargetKind | null
}
