/** What stands in a list and knows where, so that it leaves without a search. */
export interface Listed {
  /** -1 while it stands in none. */
  position: number
}

/**
 * Things that come and go all the time, in no order. A Set would do, but V8 keeps what has left it until the table is
 * built anew, and with a connection its buffers.
 */
export class SwapList<Item extends Listed> {
  readonly #items: Item[] = []

  get size(): number {
    return this.#items.length
  }

  add(item: Item): void {
    item.position = this.#items.length
    this.#items.push(item)
  }

  remove(item: Item): void {
    if (item.position === -1) return
    const last = this.#items.pop()
    if (last !== undefined && last !== item) {
      last.position = item.position
      this.#items[item.position] = last
    }
    item.position = -1
  }

  /** From the last to the first, so that the one that is visited may leave meanwhile. */
  each(visit: (item: Item) => void): void {
    for (let index = this.#items.length - 1; index >= 0; index -= 1) {
      const item = this.#items[index]
      if (item !== undefined) visit(item)
    }
  }

  all(): Item[] {
    return [...this.#items]
  }
}
