import { hash } from 'node:crypto'
import type { Clock } from '@courtside/kernel'
import { LRUCache } from 'lru-cache'
import type { CredentialLookup, Identified, IdentityService } from './identity-service.ts'

export interface PrincipalCache {
  find(lookup: CredentialLookup, requestId: string): Promise<Identified | null>
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

  const ask = async (key: string, lookup: CredentialLookup, requestId: string) => {
    const askedAt = clock.now().getTime()
    try {
      const answer = await identity.resolve(lookup, requestId)
      const before = entries.get(key)?.answer ?? null
      const kept = isSame(before, answer) ? before : answer
      entries.set(key, { askedAt, answer: kept })
      return kept
    } finally {
      asking.delete(key)
    }
  }

  return {
    async find(lookup, requestId) {
      let key = keys.get(lookup)
      if (!key) keys.set(lookup, (key = keyOf(lookup)))
      const entry = entries.get(key)
      const age = entry ? clock.now().getTime() - entry.askedAt : Infinity
      if (entry && age >= 0 && age < FRESH_MS) return entry.answer
      let answer = asking.get(key)
      if (!answer) asking.set(key, (answer = ask(key, lookup, requestId)))
      return answer
    },
  }
}

/** A dump of this process's memory must not hold keys that work. */
function keyOf(lookup: CredentialLookup): string {
  return hash('sha256', JSON.stringify(lookup), 'base64')
}

function isSame(one: Identified | null, other: Identified | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
