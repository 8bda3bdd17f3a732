import { keyset, type SortKey } from '@courtside/database'
import type { PageRequest } from '@courtside/kernel'
import type { Database } from '../db.ts'
import { toProfile } from './user.policy.ts'
import type { UserProfile } from './user.ts'

export type ProfileRepository = ReturnType<typeof createProfileRepository>

const BY_USERNAME: readonly SortKey[] = [{ field: 'username', order: 'asc', type: 'text' }]

/** Reads what is public through the view `user_profiles`: on nobody's behalf, and with nothing private in reach. */
export function createProfileRepository(db: Database) {
  return {
    async byIds(ids: readonly string[]): Promise<ReadonlyMap<string, UserProfile>> {
      const rows = await db.read((client) => client.userProfile.findMany({ where: { id: { in: [...ids] } } }))
      return new Map(rows.map((row) => [row.id, toProfile(row)]))
    },
    async byUsername(username: string): Promise<UserProfile | null> {
      const row = await db.read((client) => client.userProfile.findFirst({ where: { username } }))
      return row && toProfile(row)
    },
    async page(search: string | null, page: PageRequest): Promise<UserProfile[]> {
      const { where, orderBy, take } = keyset(BY_USERNAME, page)
      const rows = await db.read((client) =>
        client.userProfile.findMany({ where: { AND: [presentAnd(search), where] }, orderBy, take }),
      )
      return rows.map(toProfile)
    },
    count(search: string | null): Promise<number> {
      return db.read((client) => client.userProfile.count({ where: presentAnd(search) }))
    },
  }
}

function presentAnd(search: string | null) {
  const present = { isActive: true, erasedAt: null }
  if (search === null) return present
  // Prisma hands LIKE's own signs through; `_` is common in names and must mean itself.
  const contains = search.replace(/[\\%_]/g, '\\$&')
  const containsText = { contains, mode: 'insensitive' } as const
  return { ...present, OR: [{ username: containsText }, { displayName: containsText }] }
}
