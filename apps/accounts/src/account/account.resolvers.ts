import type { Resolvers } from '../generated/graphql.ts'

export const accountResolvers: Resolvers = {
  Query: {
    erasure: (_root, { id }, context) => context.services.erasures.find(context, id),
  },
  Mutation: {
    exportAccount: async (_root, { input }, context) => ({
      export: await context.services.accountExports.export(context, input),
    }),
    eraseAccount: async (_root, { input }, context) => ({
      erasure: await context.services.erasures.erase(context, input),
    }),
  },
  Erasure: {
    state: ({ completedAt }) => (completedAt === null ? 'REQUESTED' : 'COMPLETE'),
  },
  ErasureReceipt: {
    removed: ({ counts }) => Object.entries(counts).map(([kind, count]) => ({ kind, count })),
  },
}
