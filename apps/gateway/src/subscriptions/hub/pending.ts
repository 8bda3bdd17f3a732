import type { Entry } from './entry.ts'

/** Events in the order in which they came, until those before them and they themselves are complete. */
export class Pending {
  #entries: Entry[] = []
  #head = 0

  get length(): number {
    return this.#entries.length - this.#head
  }

  push(entry: Entry): void {
    this.#entries.push(entry)
  }

  /** Those that are complete and wait for none before them, at most so much; but one, however large it is. */
  take(mostEvents: number, mostBytes: number): Entry[] {
    const taken: Entry[] = []
    let bytes = 0
    while (this.#head < this.#entries.length && taken.length < mostEvents) {
      const entry = this.#entries[this.#head] as Entry
      bytes += entry.text.length
      if (!entry.isComplete || (bytes > mostBytes && taken.length > 0)) break
      taken.push(entry)
      this.#head += 1
    }
    this.#compact()
    return taken
  }

  /** For a state stream: what a later one of the same key makes worthless is not waited for. */
  keepNewestOfKeys(): void {
    const newest = new Map<string, Entry>()
    for (let index = this.#head; index < this.#entries.length; index += 1) {
      const entry = this.#entries[index] as Entry
      newest.set(entry.key, entry)
    }
    this.#entries = this.#entries.slice(this.#head).filter((entry) => newest.get(entry.key) === entry)
    this.#head = 0
  }

  clear(): void {
    this.#entries = []
    this.#head = 0
  }

  #compact(): void {
    if (this.#head === this.#entries.length) {
      this.#entries.length = 0
      this.#head = 0
    } else if (this.#head >= 64) {
      this.#entries = this.#entries.slice(this.#head)
      this.#head = 0
    }
  }
}
