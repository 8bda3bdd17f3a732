import { createApiKeyResolvers } from './api-keys.resolvers.ts'
import { type ApiKeysDependencies, type ApiKeysService, createApiKeysService } from './api-keys.service.ts'

export { isAddressAllowed, isKeyInForce, isRightSecret } from './api-key.policy.ts'
export { apiKeyRepository } from './api-key.repository.ts'
export type { ApiKey } from './api-key.ts'
export type { ApiKeyList, ApiKeysService } from './api-keys.service.ts'
export { hashOfSecret, keyPrefix, parseKey } from './key-text.ts'

export interface ApiKeysModule {
  service: ApiKeysService
  resolvers: ReturnType<typeof createApiKeyResolvers>
}

/** The keys with which partners use the graph. */
export function createApiKeysModule(dependencies: ApiKeysDependencies): ApiKeysModule {
  return {
    service: createApiKeysService(dependencies),
    resolvers: createApiKeyResolvers(dependencies.clock),
  }
}
