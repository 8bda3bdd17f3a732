import { systemActor } from '@courtside/database'
import { type Clock, isDomainError } from '@courtside/kernel'
import type { Caller } from '../caller.ts'
import type { Database } from '../db.ts'
import { accountRepository } from '../users/index.ts'
import { isRefusal, refusal, type Registrar, type Registration } from './registration.ts'
import type { SessionIssuer } from './session-issuer.ts'
import type { SignedIn, SignUpRefusal } from './session.ts'
import type { Tx } from '../db.ts'

export interface SignUpDependencies {
  db: Database
  clock: Clock
  registrar: Registrar
  issuer: SessionIssuer
}

export interface SignUpService {
  /** An account of one's own, and a first session in it. */
  signUp(caller: Caller, input: unknown): Promise<SignedIn | SignUpRefusal>
  /**
   * The same with more to it, in the same transaction: `before` may refuse, `after` may add to the new account. Both
   * or neither happen together with the account.
   */
  signUpWith(caller: Caller, input: unknown, more: SignUpExtension): Promise<SignedIn | SignUpRefusal>
}

export interface SignUpExtension {
  before(tx: Tx, registration: Registration): Promise<SignUpRefusal | null>
  after(tx: Tx, userId: string): Promise<void>
}

/** Nobody is known before there is an account, so this runs as the system. */
export function createSignUpService({ db, clock, registrar, issuer }: SignUpDependencies): SignUpService {
  const signUpWith: SignUpService['signUpWith'] = async (caller, input, { before, after }) => {
    const registration = await registrar.prepare(caller, input)
    if (isRefusal(registration)) return registration
    try {
      const made = await db.as(systemActor, async (tx) => {
        const refused = await before(tx, registration)
        if (refused) return refused
        const userId = await registrar.complete(tx, registration, clock.now())
        await after(tx, userId)
        const account = await accountRepository.find(tx, userId, clock.now())
        if (!account) throw new Error(`Account ${userId} vanished while it was made`)
        const { deviceName } = registration
        return { account, issued: await issuer.open(tx, caller, { userId, deviceName }) }
      })
      return 'code' in made ? made : await issuer.toSignedIn(made.issued, made.account)
    } catch (error) {
      return takenMeanwhile(error)
    }
  }

  return {
    signUpWith,
    signUp: (caller, input) => signUpWith(caller, input, { before: async () => null, after: async () => {} }),
  }
}

/** Somebody else was quicker with the same name. */
function takenMeanwhile(error: unknown): SignUpRefusal {
  if (isDomainError(error)) {
    if (error.code === 'ACCOUNTS_USERNAME_TAKEN') return refusal('USERNAME_TAKEN', 'USERNAME', error.message)
    if (error.code === 'ACCOUNTS_EMAIL_TAKEN') return refusal('EMAIL_TAKEN', 'EMAIL', error.message)
  }
  throw error
}
