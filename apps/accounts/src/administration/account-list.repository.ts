import { keyset, type SortKey } from '@courtside/database'
import type { PageRequest } from '@courtside/kernel'
import type { Tx } from '../db.ts'
import type { Prisma } from '../generated/prisma/client.ts'

export interface AccountFilter {
  search: string | null
  state: 'ACTIVE' | 'INACTIVE' | 'ERASED' | null
  role: string | null
}

const NEWEST_FIRST: readonly SortKey[] = [
  { field: 'createdAt', order: 'desc', type: 'date' },
  { field: 'id', order: 'desc', type: 'uuid' },
]

export const accountListRepository = {
  async ids(tx: Tx, filter: AccountFilter, page: PageRequest): Promise<string[]> {
    const { where, orderBy, take } = keyset(NEWEST_FIRST, page)
    const rows = await tx.user.findMany({
      where: { AND: [matching(filter), where] },
      orderBy,
      take,
      select: { id: true },
    })
    return rows.map(({ id }) => id)
  },
  async count(tx: Tx, filter: AccountFilter): Promise<number> {
    return tx.user.count({ where: matching(filter) })
  },
}

function matching({ search, state, role }: AccountFilter): Prisma.UserWhereInput {
  return {
    ...(state !== null && STATES[state]),
    ...(role !== null && { roles: { some: { role } } }),
    ...(search !== null && containing(search)),
  }
}

const STATES: Readonly<Record<NonNullable<AccountFilter['state']>, Prisma.UserWhereInput>> = {
  ACTIVE: { isActive: true, erasedAt: null },
  INACTIVE: { isActive: false, erasedAt: null },
  ERASED: { erasedAt: { not: null } },
}

function containing(search: string): Prisma.UserWhereInput {
  // Prisma hands LIKE's own signs through; `_` is common in names and must mean itself.
  const text = { contains: search.replace(/[\\%_]/g, '\\$&'), mode: 'insensitive' } as const
  return { OR: [{ username: text }, { displayName: text }, { email: text }] }
}
