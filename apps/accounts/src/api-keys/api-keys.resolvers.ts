import type { Clock } from '@courtside/kernel'
import type { Resolvers } from '../generated/graphql.ts'
import { profileOf } from '../users/index.ts'
import { isKeyInForce } from './api-key.policy.ts'
import { keyPrefix } from './key-text.ts'

export function createApiKeyResolvers(clock: Clock) {
  return {
    Query: {
      apiKeys: (_root, args, context) => context.services.apiKeys.apiKeys(context, args),
    },
    Mutation: {
      createApiKey: (_root, { input }, context) => context.services.apiKeys.create(context, input),
      updateApiKey: async (_root, { input }, context) => ({
        apiKey: await context.services.apiKeys.update(context, input),
      }),
      rotateApiKey: (_root, { input }, context) => context.services.apiKeys.rotate(context, input),
      revokeApiKey: async (_root, { input }, context) => ({
        apiKey: await context.services.apiKeys.revoke(context, input),
      }),
    },
    Me: {
      apiKeys: ({ id }, args, context) => context.services.apiKeys.apiKeysOf(context, id, args),
    },
    ApiKey: {
      __resolveReference: ({ id }, context) => context.services.apiKeys.apiKey(context, id),
      owner: ({ ownerId }, _args, { loaders }) => profileOf(loaders, ownerId),
      prefix: ({ id }) => keyPrefix(id),
      scopes: ({ scopes }) => [...scopes],
      allowedAddresses: ({ allowedAddresses }) => [...allowedAddresses],
      allowedOperations: ({ allowedOperations }) => allowedOperations && [...allowedOperations],
      isActive: (key) => isKeyInForce(key, clock.now()),
    },
  } satisfies Resolvers
}
