import { type Clock, isUuid } from '@courtside/kernel'
import { ofPerson, type TellAccessChanges } from '../access-changes/index.ts'
import { type Caller, personOf } from '../caller.ts'
import type { Database } from '../db.ts'
import type { OwnershipPolicy } from '../ownership.policy.ts'
import { type Account, accountRepository, credentialRepository } from '../users/index.ts'
import { identityNotFound, lastWayIn } from './identities.errors.ts'
import { identityRepository } from './identity.repository.ts'
import type { Identity } from './identity.ts'

export interface IdentitiesDependencies {
  db: Database
  clock: Clock
  ownership: OwnershipPolicy
  tellAccessChanges: TellAccessChanges
}

export type IdentitiesService = ReturnType<typeof createIdentitiesService>

export function createIdentitiesService({ db, clock, ownership, tellAccessChanges }: IdentitiesDependencies) {
  return {
    async identitiesOf(caller: Caller, ownerId: string): Promise<Identity[]> {
      const userId = personOf(caller)
      if (!ownership(caller.principal, ownerId)) throw identityNotFound()
      return db.as({ userId }, (tx) => identityRepository.ofUser(tx, ownerId))
    },

    async unlink(caller: Caller, { id }: { id: string }): Promise<Account> {
      const userId = personOf(caller)
      if (!isUuid(id)) throw identityNotFound()
      return db.as({ userId }, async (tx) => {
        // Held, so that of two ways in that are unlinked at once one stays.
        const credential = await credentialRepository.lock(tx, userId)
        const identity = await identityRepository.find(tx, id)
        if (!credential || !identity || !ownership(caller.principal, identity.userId))
          throw identityNotFound()
        const linked = await identityRepository.ofUser(tx, identity.userId)
        if (credential.passwordHash === null && linked.length <= 1) throw lastWayIn()
        await identityRepository.remove(tx, identity.id)
        const account = await accountRepository.find(tx, userId, clock.now())
        if (!account) throw identityNotFound()
        await tellAccessChanges(tx, [ofPerson(userId)])
        return account
      })
    },
  }
}
