import { createHmac } from 'node:crypto'
import type { Derive } from '../passwords/index.ts'

/** Stands in for argon2 where a test asks how often a hash is computed, or what happens while one is. */
export interface WatchedHashing {
  derive: Derive
  /** How many hashes were computed since it was last asked. */
  counted(): number
  /** Is done once, while the next hash is computed. */
  meanwhile(work: () => Promise<unknown>): void
}

export function watchHashing(): WatchedHashing {
  let count = 0
  let next: (() => Promise<unknown>) | null = null
  return {
    async derive({ message, nonce, tagLength }) {
      count++
      const work = next
      next = null
      await work?.()
      const tag = createHmac('sha512', Buffer.from(nonce as Buffer)).update(message as string)
      return tag.digest().subarray(0, tagLength)
    },
    counted() {
      const counted = count
      count = 0
      return counted
    },
    meanwhile(work) {
      next = work
    },
  }
}
