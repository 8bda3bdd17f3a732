import type { Clock } from '@courtside/kernel'
import { LRUCache } from 'lru-cache'
import type { AnswerStore } from './answer-store.ts'
import type { Tag } from './tags.ts'

export interface MemoryStoreOptions {
  clock: Clock
  /** Default: 64 MB. Filled with the worst of each kind (tiny, many tags, long ids, two-byte letters) it took 29 to 62. */
  mostBytes?: number
  /** Tags whose last invalidation is known. Older ones count as invalidated just when they were forgotten. Default: 50,000. */
  mostTags?: number
}

interface Entry {
  readonly text: string
  readonly tags: readonly Tag[]
  readonly expiresAt: number
  readonly since: number
  /** All invalidations up to this one are known not to concern it. */
  checked: number
}

const MEGABYTE = 1024 * 1024
const ENTRY_BYTES = 500
const TAG_BYTES = 60
/** A text with one letter beyond Latin takes two bytes for each. */
const LETTER_BYTES = 2

/** For one gateway: several would not hear of each other's invalidations. */
export function createMemoryStore(options: MemoryStoreOptions): AnswerStore {
  const { clock, mostBytes = 64 * MEGABYTE, mostTags = 50_000 } = options
  const entries = new LRUCache<string, Entry>({
    maxSize: mostBytes,
    sizeCalculation: weigh,
  })
  /** In the order of invalidation, the longest ago first. */
  const invalidated = new Map<Tag, number>()
  let count = 0
  /** Up to this one it is no more known which tags were invalidated. */
  let forgotten = 0

  const isTrue = (entry: Entry) => {
    if (entry.checked === count) return true
    if (entry.since < forgotten) return false
    if (entry.tags.some((tag) => (invalidated.get(tag) ?? 0) > entry.since)) return false
    entry.checked = count
    return true
  }

  return {
    look(key) {
      const mark = String(count)
      const entry = entries.get(key)
      if (!entry) return { mark, hit: null }
      const remainingMs = entry.expiresAt - clock.now().getTime()
      if (remainingMs > 0 && isTrue(entry)) return { mark, hit: { text: entry.text, remainingMs } }
      entries.delete(key)
      return { mark, hit: null }
    },
    put(key, { text, tags, lifetimeMs }, mark) {
      const since = Number(mark)
      const expiresAt = clock.now().getTime() + lifetimeMs
      const entry = { text, tags, expiresAt, since, checked: since }
      // A newer answer may have been put while this one was read.
      if (isTrue(entry) && since >= (entries.peek(key)?.since ?? 0)) entries.set(key, entry)
    },
    invalidate(tags) {
      count += 1
      for (const tag of tags) {
        invalidated.delete(tag)
        invalidated.set(tag, count)
      }
      for (const [tag, at] of invalidated) {
        if (invalidated.size <= mostTags) break
        invalidated.delete(tag)
        forgotten = at
      }
    },
  }
}

function weigh({ text, tags }: Entry, key: string): number {
  const letters = tags.reduce((sum, tag) => sum + tag.length, text.length + key.length)
  return ENTRY_BYTES + tags.length * TAG_BYTES + letters * LETTER_BYTES
}
