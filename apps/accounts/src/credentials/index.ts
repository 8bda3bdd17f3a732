import { credentialResolvers } from './credentials.resolvers.ts'
import {
  createCredentialsService,
  type CredentialsDependencies,
  type CredentialsService,
} from './credentials.service.ts'

export type { CredentialsService } from './credentials.service.ts'

export interface CredentialsModule {
  service: CredentialsService
  resolvers: typeof credentialResolvers
}

/** Changing what one signs in with. */
export function createCredentialsModule(dependencies: CredentialsDependencies): CredentialsModule {
  return { service: createCredentialsService(dependencies), resolvers: credentialResolvers }
}
