import { type Batch, createBatch } from '@courtside/subgraph'
import type { Caller } from '../caller.ts'
import { type Account, userNotFound } from '../users/index.ts'
import type { AdministrationService } from './administration.service.ts'

export interface AdministrationLoaders {
  /** For those who manage users or roles. Refuses an id that nobody has. */
  account: Pick<Batch<string, Account>, 'load'>
}

export function createAdministrationLoaders(
  service: AdministrationService,
  caller: Caller,
): AdministrationLoaders {
  const batch = createBatch<string, Account>(
    (ids) => service.accountsById(caller, ids),
    () => null,
  )
  return {
    account: {
      async load(id) {
        const account = await batch.load(id)
        if (!account) throw userNotFound()
        return account
      },
    },
  }
}
