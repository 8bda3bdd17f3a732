import type { Logger } from '@courtside/logger'
import type { Resolvers } from '../generated/graphql.ts'
import { createExternalPeople } from './external-people.ts'
import {
  createIdentitiesService,
  type IdentitiesDependencies,
  type IdentitiesService,
} from './identities.service.ts'
import { createResolutionService, type ResolutionService } from './resolution.service.ts'
import { createTouches } from './touches.ts'

export { identityRepository } from './identity.repository.ts'
export type { Identity } from './identity.ts'
export type { IdentitiesService } from './identities.service.ts'
export type { ResolutionService } from './resolution.service.ts'

const identityResolvers: Resolvers = {
  Query: {
    resolveCredential: async (_root, { input }, context) => {
      const principal = await context.services.resolution.resolve(context, input)
      return principal && { ...principal, roles: [...principal.roles], scopes: [...principal.scopes] }
    },
  },
  Mutation: {
    unlinkIdentity: async (_root, { input }, context) => ({
      me: await context.services.identities.unlink(context, input),
    }),
  },
  Me: {
    identities: ({ id }, _args, context) => context.services.identities.identitiesOf(context, id),
  },
}

export interface IdentitiesModule {
  service: IdentitiesService
  resolution: ResolutionService
  resolvers: typeof identityResolvers
  /** Resolves when every use that was to be noted has been. */
  settled(): Promise<void>
}

/** Who holds a credential, and the accounts elsewhere with which people sign in here. */
export function createIdentitiesModule(
  dependencies: IdentitiesDependencies & { log: Logger },
): IdentitiesModule {
  const touches = createTouches(dependencies)
  const people = createExternalPeople(dependencies)
  return {
    service: createIdentitiesService(dependencies),
    resolution: createResolutionService({ ...dependencies, people, touches }),
    resolvers: identityResolvers,
    settled: touches.settled,
  }
}
