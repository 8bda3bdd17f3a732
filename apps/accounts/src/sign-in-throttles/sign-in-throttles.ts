import { createHmac } from 'node:crypto'
import type { Clock } from '@courtside/kernel'
import type { Tx } from '../db.ts'
import {
  FORGOTTEN_AFTER_MS,
  FREE_FAILURES,
  lockSchedule,
  SIGN_UPS,
  throttledAddress,
} from './throttle.policy.ts'
import { throttleRepository } from './throttle.repository.ts'

/** What an attempt is counted against. Null where there is nothing to count against. */
export interface Attempt {
  /** The account somebody wants into, or the name they gave when there is none. */
  account: string | null
  address: string | null
  /** The name or address they gave, where there is one. It has the free failures of an account. */
  login?: string
}

/** Which count said no. Only who caused a lock may be shown it: that of an account would tell which names are one's. */
export interface Locked {
  by: 'address' | 'login' | 'account'
  retryAfterSeconds: number
}

export interface SignInThrottles {
  /**
   * Counts an attempt to prove who one is, before it is made. Null: go on, and tell how it went unless it failed.
   * Otherwise the seconds to wait: not even a hash is computed.
   */
  admit(tx: Tx, attempt: Attempt): Promise<Locked | null>
  /** Account and login are forgiven all; the address, behind which others may be guessing, only this attempt. */
  succeed(tx: Tx, attempt: Attempt): Promise<void>
  /** Nothing was tried after all. */
  takeBack(tx: Tx, attempt: Attempt): Promise<void>
  /** Counts an account that is about to be made from an address. Answers as `admit`. */
  admitSignUp(tx: Tx, address: string | null): Promise<{ retryAfterSeconds: number } | null>
  /** It was not even begun. */
  takeBackSignUp(tx: Tx, address: string | null): Promise<void>
}

const SCHEDULES = {
  account: lockSchedule(FREE_FAILURES.account),
  login: lockSchedule(FREE_FAILURES.account),
  address: lockSchedule(FREE_FAILURES.address),
}

/** Always in this order: two transactions that took the rows in different order would wait for each other. */
const KINDS = ['address', 'login', 'account'] as const

/** `key` blinds what is stored: an IPv4 address could be found from a bare hash by trying them all. */
export function createSignInThrottles({ key, clock }: { key: Uint8Array; clock: Clock }): SignInThrottles {
  const blind = (text: string) => createHmac('sha256', key).update(text).digest()
  const networkKey = (purpose: 'address' | 'sign-ups', address: string | null) => {
    const network = address === null ? null : throttledAddress(address)
    return network === null ? null : blind(`${purpose}:${network}`)
  }
  const keysOf = ({ account, address, login }: Attempt) => ({
    account: account === null ? null : blind(`account:${account}`),
    login: login === undefined ? null : blind(`login:${login.toLowerCase()}`),
    address: networkKey('address', address),
  })

  return {
    async admit(tx, attempt) {
      const keys = keysOf(attempt)
      const now = clock.now()
      const forgottenBefore = new Date(now.getTime() - FORGOTTEN_AFTER_MS)
      for (const kind of KINDS) {
        const counted = keys[kind]
        if (counted === null) continue
        const lockedUntil = await throttleRepository.count(tx, {
          key: counted,
          now,
          forgottenBefore,
          schedule: SCHEDULES[kind],
        })
        if (lockedUntil !== null) return { by: kind, ...waitUntil(lockedUntil, now) }
      }
      return null
    },

    async succeed(tx, attempt) {
      const keys = keysOf(attempt)
      if (keys.address) await throttleRepository.takeBack(tx, keys.address, SCHEDULES.address)
      for (const key of [keys.login, keys.account]) if (key) await throttleRepository.forgive(tx, key)
    },

    async takeBack(tx, attempt) {
      const keys = keysOf(attempt)
      for (const kind of KINDS) {
        const key = keys[kind]
        if (key) await throttleRepository.takeBack(tx, key, SCHEDULES[kind])
      }
    },

    async admitSignUp(tx, address) {
      const key = networkKey('sign-ups', address)
      if (key === null) return null
      const now = clock.now()
      const full = await throttleRepository.countInWindow(tx, { key, now, ...SIGN_UPS })
      return full && waitUntil(full, now)
    },

    async takeBackSignUp(tx, address) {
      const key = networkKey('sign-ups', address)
      if (key !== null) await throttleRepository.takeBackFromWindow(tx, key)
    },
  }
}

function waitUntil(end: Date, now: Date): { retryAfterSeconds: number } {
  return { retryAfterSeconds: Math.max(1, Math.ceil((end.getTime() - now.getTime()) / 1000)) }
}
