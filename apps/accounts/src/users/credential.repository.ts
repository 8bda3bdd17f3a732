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
  /** `login` is an e-mail address or a user name. For transactions of the system: nobody is known yet. */
  async findByLogin(tx: Tx, login: string): Promise<Credential | null> {
    const [row] = await tx.$queryRaw<CredentialRow[]>`
      SELECT id, password_hash, is_active, erased_at FROM users WHERE id = user_id_of(${login}::citext)`
    return row ? toCredential(row) : null
  },

  /** Holds the account until the transaction ends, so that what was compared still holds when it is used. */
  async lock(tx: Tx, userId: string): Promise<Credential | null> {
    const [row] = await tx.$queryRaw<CredentialRow[]>`
      SELECT id, password_hash, is_active, erased_at FROM users WHERE id = ${userId}::uuid FOR UPDATE`
    return row ? toCredential(row) : null
  },
}

function toCredential(row: CredentialRow): Credential {
  return { userId: row.id, passwordHash: row.password_hash, isActive: row.is_active, erasedAt: row.erased_at }
}
