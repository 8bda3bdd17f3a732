import type { Resolvers } from '../generated/graphql.ts'
import {
  createCredentialsService,
  type CredentialsDependencies,
  type CredentialsService,
} from './credentials.service.ts'

export type { CredentialsService } from './credentials.service.ts'

const credentialResolvers: Resolvers = {
  Mutation: {
    changeEmail: async (_root, { input }, context) => ({
      me: await context.services.credentials.changeEmail(context, input),
    }),
    changePassword: async (_root, { input }, context) => ({
      endedSessionIds: await context.services.credentials.changePassword(context, input),
    }),
  },
}

export interface CredentialsModule {
  service: CredentialsService
  resolvers: typeof credentialResolvers
}

/** Changing what one signs in with. */
export function createCredentialsModule(dependencies: CredentialsDependencies): CredentialsModule {
  return { service: createCredentialsService(dependencies), resolvers: credentialResolvers }
}
