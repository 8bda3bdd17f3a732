import type { Entry } from './entry.ts'

/** Events in the order in which they came, until those before them and they themselves are complete. */
export class Pending {
  #entries: Entry[] = []
  #head = 0

  get length(): number {
    return this.#entries.length - this.#head
  }

  get head(): Entry | null {
    return this.#entries[this.#head] ?? null
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

  /** Lets go of those behind this one; says false where it does not wait here itself. */
  cutBehind(entry: Entry): boolean {
    const place = this.#entries.indexOf(entry, this.#head)
    if (place >= 0) this.#entries.length = place + 1
    return place >= 0
  }

  /** Where a later one of its key waits, this one is not needed: says whether. */
  leaveOut(entry: Entry): boolean {
    const place = this.#entries.indexOf(entry, this.#head)
    const isOutdone = place >= 0 && this.#entries.slice(place + 1).some(({ key }) => key === entry.key)
    if (isOutdone) this.#entries.splice(place, 1)
    return isOutdone
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
