import type { Tx } from '../db.ts'
import type { Identity } from './identity.ts'

const COLUMNS = {
  id: true,
  userId: true,
  provider: true,
  subject: true,
  createdAt: true,
  lastSeenAt: true,
} as const

/** More than anybody has; so that the list stays one. */
const MOST = 100

export const identityRepository = {
  async ofUser(tx: Tx, userId: string): Promise<Identity[]> {
    const rows = await tx.authIdentity.findMany({
      where: { userId },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      take: MOST,
      select: COLUMNS,
    })
    return rows.map(toIdentity)
  },
  async find(tx: Tx, id: string): Promise<Identity | null> {
    const row = await tx.authIdentity.findUnique({ where: { id }, select: COLUMNS })
    return row && toIdentity(row)
  },
  async findBySubject(tx: Tx, issuer: string, subject: string): Promise<Identity | null> {
    const row = await tx.authIdentity.findUnique({
      where: { provider_subject: { provider: issuer, subject } },
      select: COLUMNS,
    })
    return row && toIdentity(row)
  },
  async add(tx: Tx, identity: { userId: string; issuer: string; subject: string; now: Date }): Promise<void> {
    const { userId, issuer, subject, now } = identity
    await tx.authIdentity.create({
      data: { userId, provider: issuer, subject, createdAt: now, lastSeenAt: now },
      select: { id: true },
    })
  },
  async remove(tx: Tx, id: string): Promise<void> {
    await tx.authIdentity.deleteMany({ where: { id } })
  },
  async touch(tx: Tx, id: string, now: Date): Promise<void> {
    await tx.authIdentity.updateMany({ where: { id, lastSeenAt: { lt: now } }, data: { lastSeenAt: now } })
  },
}

function toIdentity({ provider, ...row }: Omit<Identity, 'issuer'> & { provider: string }): Identity {
  return { ...row, issuer: provider }
}
