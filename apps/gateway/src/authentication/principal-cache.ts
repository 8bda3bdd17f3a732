import { hash } from 'node:crypto'
import type { Clock } from '@courtside/kernel'
import { LRUCache } from 'lru-cache'
import type { CredentialLookup, Identified, IdentityService } from './identity-service.ts'

export interface PrincipalCache {
  find(lookup: CredentialLookup, requestId: string): Promise<Identified | null>
  /** Asks accounts whatever is remembered or asked already: those answers may be older than what made somebody ask. */
  findAnew(lookup: CredentialLookup, requestId: string): Promise<Identified | null>
}

interface Entry {
  /** When accounts was asked, not when it answered: what it said may be as old as that. */
  askedAt: number
  answer: Identified | null
}

/** A revoked session or key stops within this time, everywhere. */
const FRESH_MS = 1_000
const REMEMBERED = 20_000

/**
 * Asks accounts once a second for each credential that is in use, however many requests bring it. While an answer
 * stays the same so does its object, because the assertions signed for a principal are cached by the object.
 */
export function createPrincipalCache(
  identity: Pick<IdentityService, 'resolve'>,
  clock: Clock,
): PrincipalCache {
  const entries = new LRUCache<string, Entry>({ max: REMEMBERED })
  const asking = new Map<string, Promise<Identified | null>>()
  /** A checked token brings the same object each time; its key need not be worked out again. */
  const keys = new WeakMap<CredentialLookup, string>()

  /** The newest question about each credential; the answer to an older one may come later, and counts for less. */
  const ask = (key: string, lookup: CredentialLookup, requestId: string) => {
    const answer: Promise<Identified | null> = resolve(
      key,
      lookup,
      requestId,
      () => asking.get(key) === answer,
    ).finally(() => {
      if (asking.get(key) === answer) asking.delete(key)
    })
    asking.set(key, answer)
    return answer
  }

  const resolve = async (
    key: string,
    lookup: CredentialLookup,
    requestId: string,
    isNewest: () => boolean,
  ) => {
    const askedAt = clock.now().getTime()
    const answer = await identity.resolve(lookup, requestId)
    const before = entries.get(key)?.answer ?? null
    const kept = isSame(before, answer) ? before : answer
    if (isNewest()) entries.set(key, { askedAt, answer: kept })
    return kept
  }

  const keyFor = (lookup: CredentialLookup) => {
    let key = keys.get(lookup)
    if (!key) keys.set(lookup, (key = lookupKey(lookup)))
    return key
  }

  return {
    async find(lookup, requestId) {
      const key = keyFor(lookup)
      const entry = entries.get(key)
      const age = entry ? clock.now().getTime() - entry.askedAt : Infinity
      if (entry && age >= 0 && age < FRESH_MS) return entry.answer
      return asking.get(key) ?? ask(key, lookup, requestId)
    },
    findAnew: (lookup, requestId) => ask(keyFor(lookup), lookup, requestId),
  }
}

/** Names a credential. A dump of this process's memory must not hold keys that work. */
export function lookupKey(lookup: CredentialLookup): string {
  return hash('sha256', JSON.stringify(lookup), 'base64')
}

function isSame(one: Identified | null, other: Identified | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
