import type { Resolvers } from '../generated/graphql.ts'
import { createSigningKeys, type SigningKeys, type SigningKeysDependencies } from './signing-keys.ts'

export type { SigningKeys } from './signing-keys.ts'

const signingKeyResolvers: Resolvers = {
  Query: {
    signingKeys: async (_root, _args, { services }) =>
      (await services.signingKeys.published()).map((jwk) => JSON.stringify(jwk)),
  },
}

export interface SigningKeysModule {
  service: SigningKeys
  resolvers: typeof signingKeyResolvers
}

/** The keys that sign access tokens: one signs, older ones still verify, the next is announced before it signs. */
export function createSigningKeysModule(dependencies: SigningKeysDependencies): SigningKeysModule {
  return { service: createSigningKeys(dependencies), resolvers: signingKeyResolvers }
}
