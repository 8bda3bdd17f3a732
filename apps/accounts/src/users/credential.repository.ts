import type { Tx } from '../db.ts'

/** What proving who one is needs to know. It never leaves the services that compare passwords. */
export interface Credential {
  userId: string
  passwordHash: string | null
  isActive: boolean
  erasedAt: Date | null
}

interface CredentialRow {
  id: string
  password_hash: string | null
  is_active: boolean
  erased_at: Date | null
}

export const credentialRepository = {
  /** `login` is an e-mail address or a user name; a user name has no `@`. */
  async findByLogin(tx: Tx, login: string): Promise<Credential | null> {
    const select = { id: true, passwordHash: true, isActive: true, erasedAt: true } as const
    const row = login.includes('@')
      ? await tx.user.findUnique({ where: { email: login }, select })
      : await tx.user.findUnique({ where: { username: login }, select })
    return row && { userId: row.id, ...row }
  },

  /** Holds the account until the transaction ends, so that what was compared still holds when it is used. */
  async lock(tx: Tx, userId: string): Promise<Credential | null> {
    const [row] = await tx.$queryRaw<CredentialRow[]>`
      SELECT id, password_hash, is_active, erased_at FROM users WHERE id = ${userId}::uuid FOR UPDATE`
    if (!row) return null
    return {
      userId: row.id,
      passwordHash: row.password_hash,
      isActive: row.is_active,
      erasedAt: row.erased_at,
    }
  },
}
