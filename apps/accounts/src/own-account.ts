import type { Context } from './context.ts'
import { type Account, userNotFound } from './users/index.ts'

/** The account of whoever has just changed something of theirs, for the `me` of a payload. */
export async function ownAccountOf(context: Context): Promise<Account> {
  const account = await context.services.users.me(context)
  if (!account) throw userNotFound()
  return account
}
