import { keyset, type SortKey } from '@courtside/database'
import type { PageRequest } from '@courtside/kernel'
import type { Tx } from '../db.ts'
import { hashOfToken, sessionIdOf } from './refresh-token.ts'
import type { TokenAge } from './session.policy.ts'
import type { Session } from './session.ts'

const NEWEST_FIRST: readonly SortKey[] = [
  { field: 'lastAccessedAt', order: 'desc', type: 'date' },
  { field: 'id', order: 'desc', type: 'uuid' },
]

/** Never the hashes of tokens: nothing but a refresh has to do with them. */
const COLUMNS = {
  id: true,
  userId: true,
  deviceName: true,
  ipAddress: true,
  userAgent: true,
  createdAt: true,
  lastAccessedAt: true,
  expiresAt: true,
  idleExpiresAt: true,
  revokedAt: true,
} as const

const aliveAt = (now: Date) => ({ revokedAt: null, expiresAt: { gt: now }, idleExpiresAt: { gt: now } })

/** Sessions. Row-level security decides which ones a transaction reaches: its own person's, or all. */
export const sessionRepository = {
  async add(tx: Tx, session: Omit<Session, 'revokedAt'> & { tokenHash: Buffer }): Promise<Session> {
    const tokenHash = Uint8Array.from(session.tokenHash)
    return tx.session.create({ data: { ...session, tokenHash }, select: COLUMNS })
  },

  async find(tx: Tx, id: string): Promise<Session | null> {
    return tx.session.findUnique({ where: { id }, select: COLUMNS })
  },

  /** The session that a refresh token belongs to, held until the transaction ends: refreshes come one by one. */
  async lockByToken(
    tx: Tx,
    token: string,
  ): Promise<{ session: Session & { rotatedAt: Date | null }; presented: TokenAge } | null> {
    const hash = hashOfToken(token)
    const [found] = await tx.$queryRaw<{ id: string; presented: TokenAge }[]>`
      SELECT id,
        CASE WHEN token_hash = ${hash} THEN 'current' WHEN previous_token_hash = ${hash} THEN 'previous' ELSE 'older' END
          AS presented
      FROM sessions WHERE id = ${sessionIdOf(token)}::uuid
      FOR UPDATE`
    if (!found) return null
    const session = await tx.session.findUniqueOrThrow({
      where: { id: found.id },
      select: { ...COLUMNS, rotatedAt: true },
    })
    return { session, presented: found.presented }
  },

  async rotate(
    tx: Tx,
    id: string,
    change: {
      tokenHash: Buffer
      previousTokenHash: Buffer
      rotatedAt: Date
      lastAccessedAt: Date
      idleExpiresAt: Date
    },
  ): Promise<void> {
    await tx.session.update({
      where: { id },
      data: {
        ...change,
        tokenHash: Uint8Array.from(change.tokenHash),
        previousTokenHash: Uint8Array.from(change.previousTokenHash),
      },
      select: { id: true },
    })
  },

  async page(tx: Tx, userId: string, now: Date, page: PageRequest): Promise<Session[]> {
    const { where, orderBy, take } = keyset(NEWEST_FIRST, page)
    return tx.session.findMany({
      where: { AND: [{ userId, ...aliveAt(now) }, where] },
      orderBy,
      take,
      select: COLUMNS,
    })
  },

  async count(tx: Tx, userId: string, now: Date): Promise<number> {
    return tx.session.count({ where: { userId, ...aliveAt(now) } })
  },

  /** Ends what is still alive of a person's sessions, perhaps only one, or all but some; tells which. */
  async end(
    tx: Tx,
    userId: string,
    now: Date,
    which: { only?: string; except?: readonly string[] } = {},
  ): Promise<string[]> {
    const { only, except } = which
    const rows = await tx.session.updateManyAndReturn({
      where: {
        userId,
        ...aliveAt(now),
        ...(only !== undefined && { id: only }),
        ...(except && { id: { notIn: [...except] } }),
      },
      data: { revokedAt: now },
      select: { id: true },
    })
    return rows.map(({ id }) => id)
  },

  async touch(tx: Tx, id: string, now: Date): Promise<void> {
    await tx.session.updateMany({ where: { id, lastAccessedAt: { lt: now } }, data: { lastAccessedAt: now } })
  },
}
