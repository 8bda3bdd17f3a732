import { recordAudit, systemActor } from '@courtside/database'
import { type Clock, isDomainError } from '@courtside/kernel'
import { optional, parseInput, text } from '@courtside/validation'
import * as z from 'zod'
import { ofSession, type TellAccessChanges } from '../access-changes/index.ts'
import { auditOf, type Caller } from '../caller.ts'
import type { Database, Tx } from '../db.ts'
import { LONGEST_INPUT, type Passwords } from '../passwords/index.ts'
import type { Attempt, SignInThrottles } from '../sign-in-throttles/index.ts'
import {
  type Account,
  accountRepository,
  type Credential,
  credentialRepository,
  isUsable,
} from '../users/index.ts'
import { isRefreshToken } from './refresh-token.ts'
import type { SessionIssuer } from './session-issuer.ts'
import { refreshVerdict } from './session.policy.ts'
import { sessionRepository } from './session.repository.ts'
import type { RecordSignIn } from './sign-in-records.ts'
import type { SessionOver, SignedIn, SignInRefusal } from './session.ts'

export interface SignInDependencies {
  db: Database
  clock: Clock
  passwords: Passwords
  throttles: SignInThrottles
  issuer: SessionIssuer
  record: RecordSignIn
  tellAccessChanges: TellAccessChanges
}

export type SignInService = ReturnType<typeof createSignInService>

const signInInput = z.object({
  login: text(1, 255),
  password: z.string().max(LONGEST_INPUT, `must have at most ${LONGEST_INPUT} characters`),
  deviceName: optional(text(1, 100)),
})

/**
 * Nobody is known yet in here, so everything runs as the system. That includes the moment when a password was right:
 * the account is held while its session is made, so that neither a new password nor a switched-off account is missed.
 */
export function createSignInService(dependencies: SignInDependencies) {
  const { db, clock, passwords, throttles, issuer, record, tellAccessChanges } = dependencies
  const openFor = async (tx: Tx, caller: Caller, credential: Credential, verified: Verified) => {
    const { userId, passwordHash } = credential
    const current = await credentialRepository.lock(tx, userId)
    if (!current || current.passwordHash !== passwordHash) return invalidCredentials
    await throttles.succeed(tx, verified.attempt)
    if (!isUsable(current)) return accountDisabled
    const rehashed = verified.rehashed === null ? {} : { passwordHash: verified.rehashed }
    await accountRepository.update(tx, userId, { lastLoginAt: clock.now(), ...rehashed })
    const issued = await issuer.open(tx, caller, { userId, deviceName: verified.deviceName })
    return { issued, account: await knownAccount(tx, userId, clock.now()) }
  }

  return {
    async signIn(caller: Caller, input: unknown): Promise<SignedIn | SignInRefusal> {
      const { login, password, deviceName = null } = parseInput(signInInput, input)
      const { credential, attempt, locked } = await db.as(systemActor, async (tx) => {
        const found = await credentialRepository.findByLogin(tx, login)
        // By id where there is one: name and address of an account share its few free failures.
        const account = found?.userId ?? login.toLowerCase()
        const attempted: Attempt = { account, login, address: caller.clientAddress }
        return { credential: found, attempt: attempted, locked: await throttles.admit(tx, attempted) }
      })
      const userId = credential?.userId ?? null
      // To a name under which nobody has tried too often, a locked account looks like a wrong password, and takes as long.
      const silent = locked?.by === 'account'
      if (locked && !silent) {
        record(caller, 'locked', userId)
        return tooManyAttempts(locked.retryAfterSeconds)
      }

      const verdict = await passwords
        .verify(password, credential?.passwordHash ?? null)
        .catch(async (error: unknown) => {
          record(caller, 'unchecked', userId)
          await db.as(systemActor, (tx) =>
            throttles.takeBack(tx, silent ? { ...attempt, account: null } : attempt),
          )
          throw error
        })
      if (silent) {
        record(caller, 'locked', userId)
        return invalidCredentials
      }
      if (!credential || !verdict.matches) {
        record(caller, credential ? 'wrong-password' : 'unknown-login', userId)
        return invalidCredentials
      }

      const rehashed = verdict.outdated ? await rehash(passwords, password) : null
      const opened = await db.as(systemActor, (tx) =>
        openFor(tx, caller, credential, { attempt, rehashed, deviceName }),
      )
      if ('code' in opened) {
        record(caller, opened === accountDisabled ? 'account-disabled' : 'wrong-password', userId)
        return opened
      }
      record(caller, 'signed-in', userId)
      return issuer.toSignedIn(opened.issued, opened.account)
    },

    async refreshSession(
      caller: Caller,
      { refreshToken }: { refreshToken: string },
    ): Promise<SignedIn | SessionOver> {
      if (!isRefreshToken(refreshToken)) return sessionOver
      const refreshed = await db.as(systemActor, async (tx) => {
        const found = await sessionRepository.lockByToken(tx, refreshToken)
        if (!found) return null
        const { session, presented } = found
        const verdict = refreshVerdict(session, presented, clock.now())
        if (verdict === 'over') return null
        if (verdict === 'stolen') {
          await sessionRepository.end(tx, session.userId, clock.now(), { only: session.id })
          await tellAccessChanges(tx, [ofSession(session.userId, session.id)])
          await recordStolen(tx, caller, session)
          return null
        }
        const account = await knownAccount(tx, session.userId, clock.now())
        if (!isUsable(account)) return null
        return { account, issued: await issuer.renew(tx, session, refreshToken, verdict === 'repeat') }
      })
      return refreshed ? issuer.toSignedIn(refreshed.issued, refreshed.account) : sessionOver
    },
  }
}

interface Verified {
  attempt: Attempt
  rehashed: string | null
  deviceName: string | null
}

async function knownAccount(tx: Tx, userId: string, now: Date): Promise<Account> {
  const account = await accountRepository.find(tx, userId, now)
  if (!account) throw new Error(`Account ${userId} vanished while it was held`)
  return account
}

/** A stronger hash can wait for a quieter moment; somebody with the right password cannot. */
async function rehash(passwords: Passwords, password: string): Promise<string | null> {
  try {
    return await passwords.hash(password)
  } catch (error) {
    if (isDomainError(error)) return null
    throw error
  }
}

async function recordStolen(tx: Tx, caller: Caller, session: { id: string; userId: string }): Promise<void> {
  await recordAudit(tx, {
    ...auditOf(caller),
    action: 'sessions.end-stolen',
    entityType: 'Session',
    entityId: session.id,
    before: null,
    after: { userId: session.userId },
  })
  caller.log.warn(
    { 'session.id': session.id, 'session.user': session.userId, 'client.address': caller.clientAddress },
    'A used refresh token came back: the session was ended, because somebody else may hold a copy',
  )
}

const invalidCredentials: SignInRefusal = {
  code: 'INVALID_CREDENTIALS',
  message: 'The name or the password is wrong.',
  retryAfterSeconds: null,
}

const accountDisabled: SignInRefusal = {
  code: 'ACCOUNT_DISABLED',
  message: 'This account is switched off. Ask the operator to switch it on again.',
  retryAfterSeconds: null,
}

const tooManyAttempts = (seconds: number): SignInRefusal => ({
  code: 'TOO_MANY_ATTEMPTS',
  message: `Too many wrong passwords. Try again in ${seconds} s.`,
  retryAfterSeconds: seconds,
})

const sessionOver: SessionOver = {
  code: 'SESSION_OVER',
  message: 'This session has ended. Sign in again.',
}
