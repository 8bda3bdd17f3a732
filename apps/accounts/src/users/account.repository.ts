import { randomUUID } from 'node:crypto'
import { isRole } from '@courtside/auth'
import { isUniqueViolation } from '@courtside/database'
import type { Prisma } from '../generated/prisma/client.ts'
import type { Tx } from '../db.ts'
import { placeholderEmail, rolesOf } from './user.policy.ts'
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

export interface NewAccount {
  username: string
  email: string
  displayName?: string | null
  avatarUrl?: string | null
  passwordHash: string | null
  lastLoginAt?: Date
}

export interface ExternalPerson {
  username: string
  email: string | null
  displayName: string | null
  avatarUrl: string | null
  createdAt: Date
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
  /** Tells the id of the new account. */
  async add(tx: Tx, account: NewAccount): Promise<string> {
    const { id } = await refusingTakenNames(() => tx.user.create({ data: account, select: { id: true } }))
    return id
  },
  /**
   * Makes an account that signs in elsewhere, without disturbing anybody: null when the name is taken; without an
   * address, or with a taken one, it gets one that reaches nobody.
   */
  async addIfFree(tx: Tx, person: ExternalPerson): Promise<string | null> {
    const { username, email } = person
    const free = email !== null && !(await this.taken(tx, { username, email })).email ? email : null
    const [made] = await tx.user.createManyAndReturn({
      data: [{ ...person, email: free ?? placeholderEmail(randomUUID()), passwordHash: null }],
      skipDuplicates: true,
      select: { id: true },
    })
    return made?.id ?? null
  },
  /** Which of two names an account has already; the answer may be out of date when it is used. */
  async taken(tx: Tx, { username, email }: { username: string; email: string }) {
    const [row] = await tx.$queryRaw<{ username: boolean; email: boolean }[]>`
      SELECT
        user_id_of(${username}::citext) IS NOT NULL AS username,
        user_id_of(${email}::citext) IS NOT NULL AS email`
    return { username: row?.username ?? false, email: row?.email ?? false }
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
