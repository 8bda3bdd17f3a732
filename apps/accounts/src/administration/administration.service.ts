import { recordAudit, systemActor } from '@courtside/database'
import {
  type Clock,
  type Connection,
  isUuid,
  type PageArguments,
  toConnection,
  toPageRequest,
} from '@courtside/kernel'
import { parseInput, text } from '@courtside/validation'
import { ofApiKey, ofPerson, type TellAccessChanges } from '../access-changes/index.ts'
import { apiKeyRepository } from '../api-keys/index.ts'
import { assertScope, auditOf, type Caller } from '../caller.ts'
import type { Database } from '../db.ts'
import { fromRoleName } from '../role-name.ts'
import { keepingAnAdmin } from '../roles/index.ts'
import { sessionRepository } from '../sessions/index.ts'
import {
  type Account,
  type AccountChanges,
  accountRepository,
  credentialRepository,
  userNotFound,
} from '../users/index.ts'
import { type AccountFilter, accountListRepository } from './account-list.repository.ts'

export interface AdministrationDependencies {
  db: Database
  clock: Clock
  tellAccessChanges: TellAccessChanges
}

export type AccountList = Connection<Account> & { totalCount(): Promise<number> }

export interface AccountListArguments extends PageArguments {
  search?: string | null
  state?: AccountFilter['state']
  role?: string | null
}

export type AdministrationService = ReturnType<typeof createAdministrationService>

/** Other people's accounts, for those who hold the scope; so everything here runs as the system. */
export function createAdministrationService({ db, clock, tellAccessChanges }: AdministrationDependencies) {
  const change = async (
    caller: Caller,
    userId: string,
    action: string,
    changes: Pick<AccountChanges, 'isActive' | 'isVerified'>,
  ): Promise<Account> => {
    assertScope(caller, 'manage:users')
    if (!isUuid(userId)) throw userNotFound()
    return db.as(systemActor, (tx) => {
      const apply = async () => {
        await credentialRepository.lock(tx, userId)
        const before = await accountRepository.find(tx, userId, clock.now())
        if (!before || before.erasedAt !== null) throw userNotFound()
        const changed = Object.entries(changes).filter(
          ([field, value]) => before[field as keyof Account] !== value,
        )
        if (changed.length === 0) return before
        await accountRepository.update(tx, userId, changes)
        if (changes.isActive === false) {
          await sessionRepository.end(tx, userId, clock.now())
          const keyIds = await apiKeyRepository.idsOf(tx, userId)
          await tellAccessChanges(tx, [ofPerson(userId), ...keyIds.map(ofApiKey)])
        }
        await recordAudit(tx, {
          ...auditOf(caller),
          action,
          entityType: 'User',
          entityId: userId,
          before: Object.fromEntries(changed.map(([field]) => [field, before[field as keyof Account]])),
          after: Object.fromEntries(changed),
        })
        return (await accountRepository.find(tx, userId, clock.now())) ?? before
      }
      return changes.isActive === false ? keepingAnAdmin(tx, apply) : apply()
    })
  }

  return {
    async account(caller: Caller, id: string): Promise<Account | null> {
      assertScope(caller, 'manage:users')
      if (!isUuid(id)) return null
      return db.as(systemActor, (tx) => accountRepository.find(tx, id, clock.now()))
    },

    /** For what was just changed under a scope of its own; whoever holds neither scope gets nothing. */
    async accountsById(caller: Caller, ids: readonly string[]): Promise<ReadonlyMap<string, Account>> {
      const { scopes } = caller.principal
      if (!scopes.includes('manage:users')) assertScope(caller, 'manage:roles')
      const accounts = await db.as(systemActor, (tx) => accountRepository.findAll(tx, ids, clock.now()))
      return new Map(accounts.map((account) => [account.id, account]))
    },

    async accounts(caller: Caller, args: AccountListArguments): Promise<AccountList> {
      assertScope(caller, 'manage:users')
      const page = toPageRequest(args, 2)
      const filter: AccountFilter = {
        search: args.search == null ? null : parseInput(text(0, 100), args.search) || null,
        state: args.state ?? null,
        role: args.role == null ? null : fromRoleName(args.role),
      }
      const rows = await db.as(systemActor, async (tx) => {
        const ids = await accountListRepository.ids(tx, filter, page)
        const found = await accountRepository.findAll(tx, ids, clock.now())
        const byId = new Map(found.map((account) => [account.id, account]))
        return ids.flatMap((id) => byId.get(id) ?? [])
      })
      const list = toConnection(
        rows,
        page,
        ({ createdAt, id }) => [createdAt.toISOString(), id],
        (row) => row,
      )
      return {
        ...list,
        totalCount: () => db.as(systemActor, (tx) => accountListRepository.count(tx, filter)),
      }
    },

    setUserActive: (caller: Caller, { userId, isActive }: { userId: string; isActive: boolean }) =>
      change(caller, userId, isActive ? 'users.activate' : 'users.deactivate', { isActive }),

    setUserVerified: (caller: Caller, { userId, isVerified }: { userId: string; isVerified: boolean }) =>
      change(caller, userId, isVerified ? 'users.verify' : 'users.unverify', { isVerified }),
  }
}
