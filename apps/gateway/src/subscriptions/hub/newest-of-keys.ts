import type { Entry } from './entry.ts'
import type { HubLimits } from './hub-limits.ts'
import type { Memory, Stretch } from './memory.ts'

interface Held {
  readonly index: number
  readonly entry: Entry
}

/**
 * The newest entry of each key of a state stream. When there are too many keys it forgets all of them for good: some
 * without the others would pass for the whole state.
 */
export class NewestOfKeys implements Memory {
  readonly newest = null
  readonly #limits: HubLimits
  /** Keys are only added, and what they hold is replaced where it stands: a Map that is left all the time grows. */
  #places: Map<string, number> | null = new Map()
  #held: Held[] = []
  #bytes = 0
  end = 0

  constructor(limits: HubLimits) {
    this.#limits = limits
  }

  append(entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.end += 1
      if (this.#places) this.#hold(this.#places, entry)
    }
  }

  startFor(): number {
    return this.#places ? 0 : -1
  }

  indexOf(): number {
    return -1
  }

  stretchAfter(at: number): Stretch | null {
    if (at === this.end) return { entries: [], through: at }
    if (!this.#places) return null
    const { batchEvents, batchBytes } = this.#limits
    const missed = this.#held.filter(({ index }) => index > at).sort((a, b) => a.index - b.index)
    const entries: Entry[] = []
    let bytes = 0
    for (const { entry } of missed) {
      bytes += entry.text.length
      if (entries.length > 0 && (bytes > batchBytes || entries.length >= batchEvents)) break
      entries.push(entry)
    }
    const next = missed[entries.length]
    return { entries, through: next ? next.index - 1 : this.end }
  }

  cursorAt(): null {
    return null
  }

  #hold(places: Map<string, number>, entry: Entry): void {
    const place = places.get(entry.key) ?? this.#held.length
    this.#bytes += entry.text.length - (this.#held[place]?.entry.text.length ?? 0)
    const isTooMuch = place >= this.#limits.keptEvents || this.#bytes > this.#limits.keptBytes
    // One key is held however large it is: that much is needed for who is slow.
    if (isTooMuch && !(place === 0 && this.#held.length <= 1)) {
      this.#places = null
      this.#held = []
      return
    }
    if (place === this.#held.length) places.set(entry.key, place)
    this.#held[place] = { index: this.end, entry }
  }
}
