import type { Resolvers } from '../generated/graphql.ts'

export const signingKeyResolvers: Resolvers = {
  Query: {
    signingKeys: async (_root, _args, { services }) =>
      (await services.signingKeys.published()).map((jwk) => JSON.stringify(jwk)),
  },
}
