import type { Metrics } from '@courtside/http'
import type { Caller } from '../caller.ts'

export type SignInOutcome =
  'signed-in' | 'unknown-login' | 'wrong-password' | 'locked' | 'account-disabled' | 'unchecked'

/** Leaves a trace of an attempt to sign in. `userId` is null where no account is known. */
export type RecordSignIn = (caller: Caller, outcome: SignInOutcome, userId: string | null) => void

/**
 * Guessing is seen as a figure that rises, and found in the log by address and account. Never the name that was given:
 * people type their passwords into that field.
 */
export function createSignInRecords(metrics: Metrics | undefined): RecordSignIn {
  const signIns = metrics?.counter(
    'courtside_accounts_sign_ins_total',
    'Attempts to sign in with a password, by what came of them',
    ['outcome'],
  )
  return ({ log, clientAddress }, outcome, userId) => {
    signIns?.inc({ outcome })
    if (outcome === 'signed-in') return
    const fields = { 'account.id': userId, 'client.address': clientAddress, reason: outcome }
    if (outcome === 'locked') log.warn(fields, 'A sign-in was refused because too many had failed')
    else log.info(fields, 'A sign-in failed')
  }
}
