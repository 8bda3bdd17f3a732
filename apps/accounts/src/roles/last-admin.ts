import { lockName } from '../advisory-lock.ts'
import type { Tx } from '../db.ts'
import { roleRepository } from './role.repository.ts'
import { lastAdmin } from './roles.errors.ts'

/** Whoever changes who is an admin waits for this, so that two admins cannot remove each other at once. */
export async function lockAdmins(tx: Tx): Promise<void> {
  await lockName(tx, 'admins')
}

/**
 * Runs a change after which there may be one admin less, and refuses it when none would be left. For transactions of
 * the system: a person does not see the other admins.
 */
export async function keepingAnAdmin<T>(tx: Tx, change: () => Promise<T>): Promise<T> {
  await lockAdmins(tx)
  const before = await roleRepository.countAdmins(tx)
  const result = await change()
  if (before > 0 && (await roleRepository.countAdmins(tx)) === 0) throw lastAdmin()
  return result
}
