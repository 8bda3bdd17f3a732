import { signingKeyResolvers } from './signing-keys.resolvers.ts'
import { createSigningKeys, type SigningKeys, type SigningKeysDependencies } from './signing-keys.ts'

export type { SigningKeys } from './signing-keys.ts'

export interface SigningKeysModule {
  service: SigningKeys
  resolvers: typeof signingKeyResolvers
}

/** The keys that sign access tokens: one signs, older ones still verify, the next is announced before it signs. */
export function createSigningKeysModule(dependencies: SigningKeysDependencies): SigningKeysModule {
  return { service: createSigningKeys(dependencies), resolvers: signingKeyResolvers }
}
