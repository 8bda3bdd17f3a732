import { DomainError } from '@courtside/kernel'
import type { Tx } from './db.ts'

/**
 * Holds these accounts in use until the transaction ends: whoever is being switched off or erased at this moment gets
 * nothing new. Tells whether all of them are. A person sees and holds only their own; the system anybody's.
 */
export async function holdAccountsInUse(tx: Tx, ids: readonly string[]): Promise<boolean> {
  // Shared, so that two who follow each other do not wait for each other; in order, so that no two wait in a circle.
  const held = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM users WHERE id = ANY(${[...ids]}::uuid[]) AND is_active AND erased_at IS NULL
    ORDER BY id FOR SHARE`
  return held.length === ids.length
}

/** For what a person adds to their account: a token may live on for some moments after the account. */
export async function assertOwnAccountInUse(tx: Tx, userId: string): Promise<void> {
  if (await holdAccountsInUse(tx, [userId])) return
  throw new DomainError({
    kind: 'unauthenticated',
    code: 'UNAUTHENTICATED',
    message: 'This account is no longer in use. Sign in with another one.',
  })
}
