import type { Caller } from '../caller.ts'
import { type AdministrationLoaders, createAdministrationLoaders } from './administration.loaders.ts'
import { administrationResolvers } from './administration.resolvers.ts'
import {
  type AdministrationDependencies,
  type AdministrationService,
  createAdministrationService,
} from './administration.service.ts'

export type { AdministrationLoaders } from './administration.loaders.ts'
export type { AccountList, AdministrationService } from './administration.service.ts'

export interface AdministrationModule {
  service: AdministrationService
  resolvers: typeof administrationResolvers
  createLoaders(caller: Caller): AdministrationLoaders
}

/** Other people's accounts, for those who keep the service in order. */
export function createAdministrationModule(dependencies: AdministrationDependencies): AdministrationModule {
  const service = createAdministrationService(dependencies)
  return {
    service,
    resolvers: administrationResolvers,
    createLoaders: (caller) => createAdministrationLoaders(service, caller),
  }
}
