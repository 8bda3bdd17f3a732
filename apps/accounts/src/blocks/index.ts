import { blockResolvers } from './blocks.resolvers.ts'
import { type BlocksDependencies, type BlocksService, createBlocksService } from './blocks.service.ts'

export type { Block, Mute } from './blocks.repository.ts'
export type { BlockPage, BlocksService, MutePage } from './blocks.service.ts'

export interface BlocksModule {
  service: BlocksService
  resolvers: typeof blockResolvers
}

/** Whom people do not want to meet, and whom they do not want to hear. */
export function createBlocksModule(dependencies: BlocksDependencies): BlocksModule {
  return { service: createBlocksService(dependencies), resolvers: blockResolvers }
}
