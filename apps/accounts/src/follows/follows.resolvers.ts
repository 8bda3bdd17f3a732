import type { Context } from '../context.ts'
import type { Resolvers } from '../generated/graphql.ts'
import { ownAccountOf } from '../own-account.ts'
import { profileOf } from '../users/index.ts'
import type { FollowTarget } from './follows.policy.ts'

export const followResolvers: Resolvers = {
  Me: {
    follows: ({ id }, { type, ...page }, context) =>
      context.services.follows.list(context, { ownerId: id, kind: type ?? null }, page),
    followers: ({ id }, page, context) => context.services.follows.listFollowers(context, id, page),
    isFollowing: async (_me, { targetId }, { loaders }) =>
      (await loaders.ownFollow.load(targetId.toLowerCase())) !== null,
  },
  FollowEdge: {
    node: ({ node }, _args, context) => toNode(node, context),
  },
  FollowerEdge: {
    node: ({ node }, _args, { loaders }) => profileOf(loaders, node),
  },
  Team: {
    __resolveReference: toFollowed,
    followerCount: ({ id }, _args, { loaders }) => loaders.followerCount.load(`team:${id.toLowerCase()}`),
  },
  Player: {
    __resolveReference: toFollowed,
    followerCount: ({ id }, _args, { loaders }) => loaders.followerCount.load(`player:${id.toLowerCase()}`),
  },
  Mutation: {
    follow: (_root, { input }, context) => context.services.follows.follow(context, input),
    unfollow: (_root, { input }, context) => context.services.follows.unfollow(context, input),
  },
  FollowPayload: {
    target: ({ target }, _args, context) => toNode(target, context),
    me: (_follow, _args, context) => ownAccountOf(context),
  },
  UnfollowPayload: {
    target: (target, _args, context) => toNode(target, context),
    me: (_target, _args, context) => ownAccountOf(context),
  },
}

/** Whether there is any such thing, the subgraph that owns it knows: here it is one that nobody follows. */
function toFollowed({ id }: { id: string }) {
  return { id }
}

/** Teams and players belong to another subgraph: the graph finds out there what they are, and whether they still are. */
async function toNode({ kind, id }: FollowTarget, { loaders }: Context) {
  switch (kind) {
    case 'USER': {
      const profile = await loaders.profile.load(id)
      return profile && { __typename: 'User' as const, ...profile }
    }
    case 'TEAM':
      return { __typename: 'Team' as const, id }
    case 'PLAYER':
      return { __typename: 'Player' as const, id }
  }
}
