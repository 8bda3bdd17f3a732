import type { Entry } from './entry.ts'
import type { HubLimits } from './hub-limits.ts'
import type { Memory, Stretch } from './memory.ts'

/** The newest entries of a log. */
export class Ring implements Memory {
  readonly #limits: HubLimits
  readonly #slots: (Entry | undefined)[] = []
  #first = 1
  #bytes = 0
  #snapshotAt = 0
  /** The cursor of what came before the first entry. */
  #before: string | null
  end = 0

  /** `after`: the cursor that the first entry follows; null when it follows none. */
  constructor(limits: HubLimits, after: string | null) {
    this.#limits = limits
    this.#before = after
  }

  get newest(): Entry | null {
    return this.end >= this.#first ? this.#at(this.end) : null
  }

  append(entries: readonly Entry[]): void {
    for (const entry of entries) {
      // The newest stays, however large it is.
      while (this.#isFullFor(entry) && this.#first <= this.end) this.#evict()
      this.end += 1
      this.#slots[this.end % this.#limits.keptEvents] = entry
      this.#bytes += entry.text.length
      if (entry.isSnapshot) this.#snapshotAt = this.end
    }
  }

  startFor(after: string | null): number {
    if (after === null && this.#snapshotAt >= this.#first) return this.#snapshotAt - 1
    // From the newest: whoever comes back has mostly missed little.
    if (after !== null) {
      for (let index = this.end; index >= this.#first; index -= 1) {
        if (this.#at(index).cursor === after) return index
      }
    }
    return this.#before === after ? this.#first - 1 : -1
  }

  /** Facts follow each other by one, so the place says where to look; behind a jump nothing is found. */
  indexOf(epoch: number, seq: number): number {
    const { newest } = this
    if (newest === null || seq < 0) return -1
    const index = this.end - (newest.seq - seq)
    if (index < this.#first || index > this.end) return -1
    const entry = this.#at(index)
    return entry.epoch === epoch && entry.seq === seq ? index : -1
  }

  stretchAfter(at: number): Stretch | null {
    if (at < this.#first - 1) return null
    const { batchEvents, batchBytes } = this.#limits
    const entries: Entry[] = []
    let through = at
    for (let bytes = 0; through < this.end && entries.length < batchEvents; through += 1) {
      const entry = this.#at(through + 1)
      bytes += entry.text.length
      if (bytes > batchBytes && entries.length > 0) break
      entries.push(entry)
    }
    return { entries, through }
  }

  cursorAt(at: number): string | null {
    return at >= this.#first ? this.#at(at).cursor : this.#before
  }

  #isFullFor({ text }: Entry): boolean {
    const { keptEvents, keptBytes } = this.#limits
    return this.end - this.#first + 1 >= keptEvents || this.#bytes + text.length > keptBytes
  }

  #evict(): void {
    const evicted = this.#at(this.#first)
    this.#slots[this.#first % this.#limits.keptEvents] = undefined
    this.#bytes -= evicted.text.length
    this.#before = evicted.cursor
    this.#first += 1
  }

  #at(index: number): Entry {
    // Every slot from the first to the last entry has been filled.
    return this.#slots[index % this.#limits.keptEvents] as Entry
  }
}
