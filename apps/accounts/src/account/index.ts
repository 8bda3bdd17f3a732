import { type AccountExportService, createAccountExportService } from './account-export.service.ts'
import { accountResolvers } from './account.resolvers.ts'
import { createErasureService, type ErasureDependencies, type ErasureService } from './erasure.service.ts'

export type { AccountExportService } from './account-export.service.ts'
export type { Receipt } from './erasure.policy.ts'
export type { Erasure } from './erasure.repository.ts'
export type { ErasureService } from './erasure.service.ts'

export interface AccountModule {
  exports: AccountExportService
  erasures: ErasureService
  resolvers: typeof accountResolvers
}

/** ACC-21: seeing all that is kept about oneself, and being forgotten. */
export function createAccountModule(dependencies: ErasureDependencies): AccountModule {
  return {
    exports: createAccountExportService(dependencies),
    erasures: createErasureService(dependencies),
    resolvers: accountResolvers,
  }
}
