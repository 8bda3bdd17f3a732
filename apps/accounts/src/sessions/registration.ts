import { systemActor } from '@courtside/database'
import { optional, parseInput, text } from '@courtside/validation'
import * as z from 'zod'
import type { Caller } from '../caller.ts'
import type { Database, Tx } from '../db.ts'
import { LONGEST_INPUT, passwordFault, type Passwords } from '../passwords/index.ts'
import type { SignInThrottles } from '../sign-in-throttles/index.ts'
import {
  accountEmail,
  accountRepository,
  displayNameField,
  emailTaken,
  usernameFault,
  usernameTaken,
} from '../users/index.ts'
import type { SignUpRefusal } from './session.ts'

/** An account that may be made, as far as can be known before it is. */
export interface Registration {
  username: string
  email: string
  displayName: string | null
  deviceName: string | null
  passwordHash: string
}

export interface Registrar {
  /** Checks what somebody wants to be called and known by, and hashes the password. */
  prepare(caller: Caller, input: unknown): Promise<Registration | SignUpRefusal>
  /** Makes the account; tells its id. Throws `ACCOUNTS_USERNAME_TAKEN` or `ACCOUNTS_EMAIL_TAKEN`. */
  complete(tx: Tx, registration: Registration, now: Date): Promise<string>
}

const registrationInput = z.object({
  username: z.string().max(LONGEST_INPUT),
  email: z.string().max(LONGEST_INPUT),
  password: z.string().max(LONGEST_INPUT, `must have at most ${LONGEST_INPUT} characters`),
  displayName: optional(displayNameField()),
  deviceName: optional(text(1, 100)),
})

export interface RegistrarDependencies {
  db: Database
  passwords: Passwords
  throttles: SignInThrottles
}

export function createRegistrar({ db, passwords, throttles }: RegistrarDependencies): Registrar {
  /**
   * Refusing a taken address tells that it has an account. It cannot be hidden without sending mail; but whoever asks
   * for many is slowed down like somebody who guesses passwords. What is not taken counts as an account of its network,
   * before its password is hashed: many at once shall neither slip past nor fill the queue.
   */
  const admissionFault = (caller: Caller, wanted: { username: string; email: string }) =>
    db.as(systemActor, async (tx) => {
      const attempt = { account: null, address: caller.clientAddress }
      const locked = await throttles.admit(tx, attempt)
      if (locked) return tooManyAttempts(locked.retryAfterSeconds)
      const taken = await accountRepository.taken(tx, wanted)
      if (taken.username) return refusal('USERNAME_TAKEN', 'USERNAME', usernameTaken().message)
      if (taken.email) return refusal('EMAIL_TAKEN', 'EMAIL', emailTaken().message)
      await throttles.takeBack(tx, attempt)
      const full = await throttles.admitSignUp(tx, caller.clientAddress)
      return full && tooManyAttempts(full.retryAfterSeconds)
    })

  const hash = (caller: Caller, password: string) =>
    passwords.hash(password).catch(async (error: unknown) => {
      await db.as(systemActor, (tx) => throttles.takeBackSignUp(tx, caller.clientAddress))
      throw error
    })

  return {
    async prepare(caller, input) {
      const {
        password,
        displayName = null,
        deviceName = null,
        ...given
      } = parseInput(registrationInput, input)
      const username = given.username.trim()
      const nameFault = usernameFault(username)
      if (nameFault !== null) return refusal('USERNAME_INVALID', 'USERNAME', `The user name ${nameFault}.`)
      const email = accountEmail().safeParse(given.email)
      if (!email.success) return refusal('EMAIL_INVALID', 'EMAIL', 'This is not an e-mail address.')
      const wanted = { username, email: email.data }
      const weakness = passwordFault(password, wanted)
      if (weakness !== null) return refusal('PASSWORD_WEAK', 'PASSWORD', weakness)
      const fault = await admissionFault(caller, wanted)
      if (fault) return fault
      return { ...wanted, displayName, deviceName, passwordHash: await hash(caller, password) }
    },

    async complete(tx, { username, email, displayName, passwordHash }, now) {
      return accountRepository.add(tx, { username, email, displayName, passwordHash, lastLoginAt: now })
    },
  }
}

export function isRefusal(result: object): result is SignUpRefusal {
  return 'code' in result
}

export function refusal(
  code: SignUpRefusal['code'],
  field: SignUpRefusal['field'],
  message: string,
): SignUpRefusal {
  return { code, field, message, retryAfterSeconds: null }
}

const tooManyAttempts = (seconds: number): SignUpRefusal => ({
  code: 'TOO_MANY_ATTEMPTS',
  field: null,
  message: `Too many attempts from this address. Try again in ${seconds} s.`,
  retryAfterSeconds: seconds,
})
