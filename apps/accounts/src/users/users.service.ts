import type { Clock, Connection } from '@courtside/kernel'
import { isUuid, type PageArguments, toConnection, toPageRequest } from '@courtside/kernel'
import { httpUrl, optional, parseInput, text } from '@courtside/validation'
import * as z from 'zod'
import { type Caller, personOf } from '../caller.ts'
import type { Database } from '../db.ts'
import type { OwnershipPolicy } from '../ownership.policy.ts'
import { accountRepository } from './account.repository.ts'
import type { ProfileRepository } from './profile.repository.ts'
import type { Account, UserProfile } from './user.ts'
import { usernameField } from './user.fields.ts'
import { hasUsernameForm } from './username.policy.ts'
import { userNotFound } from './users.errors.ts'

export interface UsersDependencies {
  db: Database
  profiles: ProfileRepository
  ownership: OwnershipPolicy
  clock: Clock
}

export type UserList = Connection<UserProfile> & { totalCount(): Promise<number> }

export type UsersService = ReturnType<typeof createUsersService>

const profileChanges = z.object({
  username: usernameField().optional(),
  displayName: optional(text(1, 100)),
  avatarUrl: optional(httpUrl()),
  bio: optional(text(0, 2_000)),
})

export function createUsersService({ db, profiles, ownership, clock }: UsersDependencies) {
  /** An account for its owner only; for everybody else there is none. */
  const ownAccount = async (caller: Caller, id: string): Promise<Account | null> => {
    if (caller.principal.kind !== 'user' || !isUuid(id)) return null
    const userId = personOf(caller)
    const account = await db.as({ userId }, (tx) => accountRepository.find(tx, id, clock.now()))
    return account && ownership(caller.principal, account.id) ? account : null
  }

  return {
    ownAccount,

    async user(id: string): Promise<UserProfile | null> {
      if (!isUuid(id)) return null
      return present((await profiles.byIds([id])).get(id.toLowerCase()))
    },

    async userByUsername(username: string): Promise<UserProfile | null> {
      return hasUsernameForm(username) ? present(await profiles.byUsername(username)) : null
    },

    async users(args: PageArguments & { search?: string | null }): Promise<UserList> {
      const page = toPageRequest(args, 1)
      const search = args.search == null ? null : parseInput(text(0, 100), args.search) || null
      const rows = await profiles.page(search, page)
      const list = toConnection(
        rows,
        page,
        ({ username }) => [username],
        (row) => row,
      )
      return { ...list, totalCount: () => profiles.count(search) }
    },

    /** The caller's own account; null for whoever is no person. */
    async me(caller: Caller): Promise<Account | null> {
      const { kind, userId } = caller.principal
      return kind === 'user' && userId !== null ? ownAccount(caller, userId) : null
    },

    async updateProfile(caller: Caller, input: unknown): Promise<Account> {
      const changes = parseInput(profileChanges, input)
      const userId = personOf(caller)
      return db.as({ userId }, async (tx) => {
        const before = await accountRepository.find(tx, userId, clock.now())
        if (!before || !ownership(caller.principal, before.id)) throw userNotFound()
        await accountRepository.update(tx, userId, changes)
        return (await accountRepository.find(tx, userId, clock.now())) ?? before
      })
    },
  }
}

function present(profile: UserProfile | null | undefined): UserProfile | null {
  return profile?.isPresent ? profile : null
}
