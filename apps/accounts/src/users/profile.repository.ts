import type { PageRequest } from '@courtside/kernel'
import type { Database } from '../db.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { type ProfileFacts, toProfile } from './user.policy.ts'
import type { UserProfile } from './user.ts'
import { hasUsernameForm } from './username.policy.ts'
import { foreignCursor } from './users.errors.ts'

export type ProfileRepository = ReturnType<typeof createProfileRepository>

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

    /** Those who are here, by name; with `search` only those who have it in a name of theirs. */
    async page(search: string | null, page: PageRequest): Promise<UserProfile[]> {
      const [order, beyond] = page.direction === 'forward' ? [ASCENDING, AFTER] : [DESCENDING, BEFORE]
      const rows = await db.read(
        (client) => client.$queryRaw<ProfileFacts[]>`
          WITH listed AS ${fenceFor(search)} (
            SELECT id, username, display_name AS "displayName", avatar_url AS "avatarUrl", bio,
              is_verified AS "isVerified", is_active AS "isActive", created_at AS "createdAt", erased_at AS "erasedAt"
            FROM user_profiles WHERE ${present(search)}
          )
          SELECT * FROM listed WHERE ${page.cursor === null ? Prisma.sql`true` : beyond(nameIn(page.cursor))}
          ORDER BY username ${order} LIMIT ${page.limit + 1}`,
      )
      return rows.map(toProfile)
    },

    async count(search: string | null): Promise<number> {
      const [row] = await db.read(
        (client) => client.$queryRaw<[{ count: number }]>`
          SELECT count(*)::int AS count FROM user_profiles WHERE ${present(search)}`,
      )
      return row.count
    },
  }
}

const ASCENDING = Prisma.sql`ASC`
const DESCENDING = Prisma.sql`DESC`
const AFTER = (name: string) => Prisma.sql`username > ${name}::citext`
const BEFORE = (name: string) => Prisma.sql`username < ${name}::citext`

/** Shorter texts have no trigram to be found by. */
const SHORTEST_INDEXED = 3

/**
 * Finds first and sorts then. Left to itself, the planner walks through all names in order and expects to meet enough
 * matches soon: half a second among 200,000 people for a name that nobody has, against one millisecond.
 */
function fenceFor(search: string | null): Prisma.Sql {
  return search !== null && search.length >= SHORTEST_INDEXED
    ? Prisma.sql`MATERIALIZED`
    : Prisma.sql`NOT MATERIALIZED`
}

function present(search: string | null): Prisma.Sql {
  const here = Prisma.sql`is_active AND erased_at IS NULL`
  if (search === null) return here
  // `_` is common in names and must mean itself.
  const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`
  return Prisma.sql`${here} AND (username::text ILIKE ${pattern} OR display_name ILIKE ${pattern})`
}

/** A cursor comes from the client: what is no name would be refused by Postgres in its own words. */
function nameIn([name]: NonNullable<PageRequest['cursor']>): string {
  if (typeof name === 'string' && hasUsernameForm(name)) return name
  throw foreignCursor()
}
