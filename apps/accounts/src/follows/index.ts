import type { RequestContext } from '@courtside/subgraph'
import type { Database, Tx } from '../db.ts'
import type { OwnershipPolicy } from '../ownership.policy.ts'
import { createFollowerCountRepository } from './follower-counts.repository.ts'
import { createFollowLoaders, type FollowLoaders } from './follows.loaders.ts'
import { followRepository } from './follows.repository.ts'
import { followResolvers } from './follows.resolvers.ts'
import { createFollowsService, type FollowsService } from './follows.service.ts'

export type { Follow } from './follow.ts'
export type { FollowLoaders } from './follows.loaders.ts'
export type { FollowTarget } from './follows.policy.ts'
export type { FollowerPage, FollowPage, FollowsService } from './follows.service.ts'

export interface FollowsModule {
  service: FollowsService
  resolvers: typeof followResolvers
  createLoaders(request: RequestContext): FollowLoaders
  /** Ends what the two follow of each other, and lets neither follow until this transaction ends. */
  endBetween(tx: Tx, one: string, other: string): Promise<void>
}

/** Whom and what people follow. */
export function createFollowsModule(dependencies: {
  db: Database
  ownership: OwnershipPolicy
}): FollowsModule {
  const service = createFollowsService(dependencies)
  const counts = createFollowerCountRepository(dependencies.db)
  return {
    service,
    resolvers: followResolvers,
    createLoaders: (request) => createFollowLoaders(service, counts, request),
    async endBetween(tx, one, other) {
      await followRepository.lockPair(tx, one, other)
      await followRepository.removeBetween(tx, one, other)
    },
  }
}
