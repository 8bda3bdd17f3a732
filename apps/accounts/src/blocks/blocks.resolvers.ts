import type { Resolvers } from '../generated/graphql.ts'
import { ownAccountOf } from '../own-account.ts'
import { profileOf } from '../users/index.ts'

export const blockResolvers: Resolvers = {
  Me: {
    blocks: ({ id }, page, context) => context.services.blocks.listBlocks(context, id, page),
    mutes: ({ id }, page, context) => context.services.blocks.listMutes(context, id, page),
  },
  BlockEdge: {
    node: ({ node }, _args, { loaders }) => profileOf(loaders, node),
  },
  MuteEdge: {
    node: ({ node }, _args, { loaders }) => profileOf(loaders, node),
  },
  Mutation: {
    blockUser: (_root, { input }, context) => context.services.blocks.block(context, input),
    unblockUser: (_root, { input }, context) => context.services.blocks.unblock(context, input),
    muteUser: (_root, { input }, context) => context.services.blocks.mute(context, input),
    unmuteUser: (_root, { input }, context) => context.services.blocks.unmute(context, input),
  },
  BlockUserPayload: {
    user: ({ blockedId }, _args, { loaders }) => profileOf(loaders, blockedId),
    me: (_block, _args, context) => ownAccountOf(context),
  },
  UnblockUserPayload: {
    user: (userId, _args, { loaders }) => loaders.profile.load(userId),
    me: (_userId, _args, context) => ownAccountOf(context),
  },
  MuteUserPayload: {
    user: ({ mutedId }, _args, { loaders }) => profileOf(loaders, mutedId),
    me: (_mute, _args, context) => ownAccountOf(context),
  },
  UnmuteUserPayload: {
    user: (userId, _args, { loaders }) => loaders.profile.load(userId),
    me: (_userId, _args, context) => ownAccountOf(context),
  },
}
