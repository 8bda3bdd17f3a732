import { isRole } from '@courtside/auth'
import { isUniqueViolation } from '@courtside/database'
import type { Prisma } from '../generated/prisma/client.ts'
import type { Tx } from '../db.ts'
import { rolesOf } from './user.policy.ts'
import type { Account } from './user.ts'
import { emailTaken, usernameTaken } from './users.errors.ts'

export interface ProfileChanges {
  username?: string
  displayName?: string | null
  avatarUrl?: string | null
  bio?: string | null
}

export interface AccountChanges extends ProfileChanges {
  email?: string
  isActive?: boolean
  isVerified?: boolean
  passwordHash?: string
  lastLoginAt?: Date
}

/** Whole accounts. Row-level security decides which ones a transaction reaches: its own person's, or all. */
export const accountRepository = {
  async find(tx: Tx, id: string, now: Date): Promise<Account | null> {
    const row = await tx.user.findUnique({ where: { id }, select: accountColumns(now) })
    return row && toAccount(row)
  },
  async findAll(tx: Tx, ids: readonly string[], now: Date): Promise<Account[]> {
    const rows = await tx.user.findMany({ where: { id: { in: [...ids] } }, select: accountColumns(now) })
    return rows.map(toAccount)
  },
  /** Holds the row until the transaction ends, for decisions that must not be overtaken. */
  async lock(tx: Tx, id: string): Promise<boolean> {
    const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM users WHERE id = ${id}::uuid FOR UPDATE`
    return rows.length > 0
  },
  async update(tx: Tx, id: string, changes: AccountChanges): Promise<void> {
    await refusingTakenNames(() => tx.user.update({ where: { id }, data: changes, select: { id: true } }))
  },
}

/** Two accounts never share a name or an address; who comes second hears which of the two it was. */
export async function refusingTakenNames<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (isUniqueViolation(error, 'users_username_key')) throw usernameTaken()
    if (isUniqueViolation(error, 'users_email_key')) throw emailTaken()
    throw error
  }
}

const accountColumns = (now: Date) =>
  ({
    id: true,
    username: true,
    email: true,
    displayName: true,
    avatarUrl: true,
    bio: true,
    isVerified: true,
    isActive: true,
    createdAt: true,
    updatedAt: true,
    lastLoginAt: true,
    erasedAt: true,
    passwordHash: true,
    roles: { select: { role: true }, orderBy: { role: 'asc' } },
    // One is enough: the role of a member only asks whether there is any.
    memberships: {
      select: { id: true },
      where: { isActive: true, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
      take: 1,
    },
  }) satisfies Prisma.UserSelect

type AccountRow = Prisma.UserGetPayload<{ select: ReturnType<typeof accountColumns> }>

function toAccount({ roles, memberships, passwordHash, ...row }: AccountRow): Account {
  const granted = roles.map(({ role }) => role).filter(isRole)
  return { ...row, hasPassword: passwordHash !== null, roles: rolesOf(granted, memberships.length > 0) }
}
