import type { Authenticated } from '../../authentication/index.ts'
import type { AccessChange } from './credential-watch.ts'
import type { Timers } from './timers.ts'

/**
 * Longer than accounts may take to answer. What it was asked before a change and answers after it may tell of before,
 * and a connection that is opened with such an answer would go on with it until the next routine check.
 */
const REMEMBERED_MS = 15_000

/** Whose access has changed a short time ago: for 15 to 30 seconds, which spares a timer for each. */
export class RecentChanges {
  readonly #timers: Timers
  #names = new Set<string>()
  #olderNames = new Set<string>()
  #turnedAt: number
  #everybodyUntil = -Infinity

  constructor(timers: Timers) {
    this.#timers = timers
    this.#turnedAt = timers.now()
  }

  add({ userId, sessionId, apiKeyId }: AccessChange): void {
    // A session is remembered with its person: a token of another issuer does not name the session that accounts knows.
    for (const id of [userId, sessionId, apiKeyId]) if (id !== null) this.#names.add(id)
  }

  everybody(): void {
    this.#everybodyUntil = this.#timers.now() + 2 * REMEMBERED_MS
  }

  /** To be called now and then. */
  forget(): void {
    const now = this.#timers.now()
    if (now - this.#turnedAt < REMEMBERED_MS) return
    this.#turnedAt = now
    this.#olderNames = this.#names
    this.#names = new Set()
  }

  touches({ principal: { userId, sessionId, apiKeyId } }: Authenticated): boolean {
    if (this.#timers.now() < this.#everybodyUntil) return true
    return [userId, sessionId, apiKeyId].some(
      (id) => id !== null && (this.#names.has(id) || this.#olderNames.has(id)),
    )
  }
}
