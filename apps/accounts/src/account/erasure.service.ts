import { recordAudit, systemActor } from '@courtside/database'
import { isUuid } from '@courtside/kernel'
import { parseInput } from '@courtside/validation'
import * as z from 'zod'
import { ofApiKey, ofPerson, type TellAccessChanges } from '../access-changes/index.ts'
import { apiKeyRepository } from '../api-keys/index.ts'
import { assertScope, auditOf, type Caller, personOf } from '../caller.ts'
import { readDatabaseClock } from '../database-clock.ts'
import type { Database, Tx } from '../db.ts'
import type { OwnershipPolicy } from '../ownership.policy.ts'
import { LONGEST_INPUT } from '../passwords/index.ts'
import { keepingAnAdmin } from '../roles/index.ts'
import { accountRepository, type Credential, credentialRepository, userNotFound } from '../users/index.ts'
import { accountChanged, confirmationWrong, passwordNeeded } from './account.errors.ts'
import { completionOf, isConfirmedBy } from './erasure.policy.ts'
import { type Erasure, erasureRepository as erasures } from './erasure.repository.ts'

export interface ErasureDependencies {
  db: Database
  ownership: OwnershipPolicy
  /** Throws unless it is the caller's password; attempts count like those of signing in. */
  provePassword(caller: Caller, password: string): Promise<Credential>
  tellAccessChanges: TellAccessChanges
}

export type ErasureService = ReturnType<typeof createErasureService>

const eraseInput = z.object({
  confirm: z.string().max(LONGEST_INPUT),
  password: z.string().max(LONGEST_INPUT).nullish(),
})

const SUBGRAPH = 'accounts'

export function createErasureService(dependencies: ErasureDependencies) {
  const { db, ownership, provePassword, tellAccessChanges } = dependencies
  /** As the person themselves: what is to be erased, or the erasure when that was done before. */
  const look = (caller: Caller) => {
    const userId = personOf(caller)
    return db.as({ userId }, async (tx) => {
      const account = await accountRepository.find(tx, userId, await readDatabaseClock(tx))
      const credential = await credentialRepository.lock(tx, userId)
      if (!account || !credential || !ownership(caller.principal, account.id)) throw userNotFound()
      return { account, credential, done: await erasures.find(tx, { userId }) }
    })
  }

  const erase = async (tx: Tx, caller: Caller, userId: string): Promise<Erasure> => {
    const now = await readDatabaseClock(tx)
    const id = await erasures.request(tx, userId, now)
    const keyIds = await apiKeyRepository.idsOf(tx, userId)
    const counts = await erasures.erase(tx, userId, now)
    await erasures.giveReceipt(tx, id, { subgraph: SUBGRAPH, completedAt: now, counts })
    const erasure = await found(tx, { id })
    const completedAt = completionOf(erasure.receipts)
    if (completedAt) await erasures.complete(tx, id, completedAt)
    await tellAccessChanges(tx, [ofPerson(userId), ...keyIds.map(ofApiKey)])
    await recordAudit(tx, {
      ...auditOf(caller),
      action: 'users.erase',
      entityType: 'User',
      entityId: userId,
      before: null,
      after: { erasureId: id, counts },
    })
    return { ...erasure, completedAt }
  }

  return {
    /** For good, so it takes the password where there is one. Asked again, it answers with what was done. */
    async erase(caller: Caller, input: unknown): Promise<Erasure> {
      const { confirm, password } = parseInput(eraseInput, input)
      const { account, credential, done } = await look(caller)
      if (done) return done
      if (!isConfirmedBy(account.username, confirm)) throw confirmationWrong()
      if (credential.passwordHash !== null) {
        if (!password) throw passwordNeeded()
        await provePassword(caller, password)
      }
      // A person may not remove all that goes with an account; the proof above is what allows it to the system.
      return db.as(systemActor, (tx) =>
        keepingAnAdmin(tx, async () => {
          const current = await credentialRepository.lock(tx, account.id)
          if (current?.erasedAt) return found(tx, { userId: account.id })
          if (current?.passwordHash !== credential.passwordHash) throw accountChanged()
          return erase(tx, caller, account.id)
        }),
      )
    },

    async find(caller: Caller, id: string): Promise<Erasure | null> {
      assertScope(caller, 'manage:users')
      return isUuid(id) ? db.as(systemActor, (tx) => erasures.find(tx, { id })) : null
    },
  }
}

async function found(tx: Tx, by: { id: string } | { userId: string }): Promise<Erasure> {
  const erasure = await erasures.find(tx, by)
  if (!erasure) throw new Error('An account was erased without an erasure')
  return erasure
}
