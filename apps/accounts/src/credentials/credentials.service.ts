import { systemActor } from '@courtside/database'
import { type Clock, isDomainError, isUuid } from '@courtside/kernel'
import { parseInput } from '@courtside/validation'
import * as z from 'zod'
import { ofEndedSessions, type TellAccessChanges } from '../access-changes/index.ts'
import { type Caller, personOf } from '../caller.ts'
import type { Database, Tx } from '../db.ts'
import type { OwnershipPolicy } from '../ownership.policy.ts'
import { LONGEST_INPUT, passwordFault, type Passwords } from '../passwords/index.ts'
import { sessionRepository } from '../sessions/index.ts'
import type { SignInThrottles } from '../sign-in-throttles/index.ts'
import {
  type Account,
  accountEmail,
  accountRepository,
  type Credential,
  credentialRepository,
  userNotFound,
} from '../users/index.ts'
import { noPassword, tooManyAttempts, weakPassword, wrongPassword } from './credentials.errors.ts'

export interface CredentialsDependencies {
  db: Database
  clock: Clock
  ownership: OwnershipPolicy
  passwords: Passwords
  throttles: SignInThrottles
  tellAccessChanges: TellAccessChanges
}

export type CredentialsService = ReturnType<typeof createCredentialsService>

const password = () => z.string().max(LONGEST_INPUT, `must have at most ${LONGEST_INPUT} characters`)
const emailChange = z.object({ email: accountEmail(), currentPassword: password() })
const passwordChange = z.object({ currentPassword: password(), newPassword: password() })

export function createCredentialsService(dependencies: CredentialsDependencies) {
  const { db, clock, ownership, passwords, throttles, tellAccessChanges } = dependencies

  const ownCredential = async (tx: Tx, caller: Caller): Promise<Credential> => {
    const credential = await credentialRepository.lock(tx, personOf(caller))
    if (!credential || !ownership(caller.principal, credential.userId)) throw userNotFound()
    return credential
  }

  /** Somebody who found an open session must not be able to guess the password in it: attempts count like sign-ins. */
  const prove = async (caller: Caller, given: string): Promise<Credential> => {
    const userId = personOf(caller)
    const credential = await db.as({ userId }, (tx) => ownCredential(tx, caller))
    if (credential.passwordHash === null) throw noPassword()
    const attempt = { account: userId, address: caller.clientAddress }
    // The counts belong to nobody, so they are kept as the system.
    const locked = await db.as(systemActor, (tx) => throttles.admit(tx, attempt))
    if (locked) throw tooManyAttempts(locked.retryAfterSeconds)
    const verdict = await passwords.verify(given, credential.passwordHash).catch(async (error: unknown) => {
      await db.as(systemActor, (tx) => throttles.takeBack(tx, attempt))
      throw error
    })
    if (!verdict.matches) throw wrongPassword()
    await db.as(systemActor, (tx) => throttles.succeed(tx, attempt))
    return credential
  }

  /** The password may have been changed since it was proved. */
  const stillProved = async (tx: Tx, caller: Caller, proved: Credential): Promise<void> => {
    const { passwordHash } = await ownCredential(tx, caller)
    if (passwordHash !== proved.passwordHash) throw wrongPassword()
  }

  const ownAccount = async (tx: Tx, userId: string): Promise<Account> => {
    const account = await accountRepository.find(tx, userId, clock.now())
    if (!account) throw userNotFound()
    return account
  }

  /**
   * Refusing a taken address tells that it has an account. Whoever asks for many is slowed down as at sign-up, in the
   * same count: the own password is no licence to ask.
   */
  const countingTaken = async <T>(caller: Caller, change: () => Promise<T>): Promise<T> => {
    const attempt = { account: null, address: caller.clientAddress }
    const locked = await db.as(systemActor, (tx) => throttles.admit(tx, attempt))
    if (locked) throw tooManyAttempts(locked.retryAfterSeconds)
    let taken = false
    try {
      return await change()
    } catch (error) {
      taken = isDomainError(error) && error.code === 'ACCOUNTS_EMAIL_TAKEN'
      throw error
    } finally {
      if (!taken) await db.as(systemActor, (tx) => throttles.takeBack(tx, attempt))
    }
  }

  return {
    prove,

    async changeEmail(caller: Caller, input: unknown): Promise<Account> {
      const { email, currentPassword } = parseInput(emailChange, input)
      const proved = await prove(caller, currentPassword)
      const { userId } = proved
      return countingTaken(caller, () =>
        db.as({ userId }, async (tx) => {
          await stillProved(tx, caller, proved)
          await accountRepository.update(tx, userId, { email })
          return ownAccount(tx, userId)
        }),
      )
    },

    /** Tells which sessions it ended. */
    async changePassword(caller: Caller, input: unknown): Promise<string[]> {
      const { currentPassword, newPassword } = parseInput(passwordChange, input)
      const proved = await prove(caller, currentPassword)
      const { userId } = proved
      const weakness = passwordFault(newPassword, await db.as({ userId }, (tx) => ownAccount(tx, userId)))
      if (weakness !== null) throw weakPassword(weakness)
      const passwordHash = await passwords.hash(newPassword)
      const { sessionId } = caller.principal
      const except = sessionId !== null && isUuid(sessionId) ? [sessionId] : []
      return db.as({ userId }, async (tx) => {
        await stillProved(tx, caller, proved)
        await accountRepository.update(tx, userId, { passwordHash })
        const ended = await sessionRepository.end(tx, userId, clock.now(), { except })
        await tellAccessChanges(tx, ofEndedSessions(userId, ended))
        return ended
      })
    },
  }
}
