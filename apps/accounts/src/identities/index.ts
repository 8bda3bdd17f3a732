import type { Logger } from '@courtside/logger'
import { createExternalPeople } from './external-people.ts'
import { identityResolvers } from './identities.resolvers.ts'
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
