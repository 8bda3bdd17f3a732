/** Somebody who opens a replay when there is room for one. */
export interface ReplayOwner {
  /** Stands in the queue. */
  isQueued: boolean
  /** Says whether a replay was opened. */
  openReplay(): boolean
}

/**
 * So many replays run at once, of all topics together: each reads from the store of a subgraph as fast as it can. Who
 * finds no room gets a turn when another one has ended, each owner one after the other.
 */
export class ReplaySlots {
  #free: number
  #queue: ReplayOwner[] = []
  #isServing = false

  constructor(most: number) {
    this.#free = most
  }

  get isFree(): boolean {
    return this.#free > 0
  }

  take(): void {
    this.#free -= 1
  }

  giveBack(): void {
    this.#free += 1
    this.#serve()
  }

  /** Who has no room of its own asks again when it has. */
  queue(owner: ReplayOwner): void {
    if (!owner.isQueued) this.#queue.push(owner)
    owner.isQueued = true
    this.#serve()
  }

  stop(): void {
    this.#free = 0
    this.#queue = []
  }

  /** Whoever opens one may end another by that; they must not be served from inside of it. */
  #serve(): void {
    if (this.#isServing) return
    this.#isServing = true
    while (this.isFree) {
      const owner = this.#queue.shift()
      if (!owner) break
      owner.isQueued = false
      if (owner.openReplay()) this.queue(owner)
    }
    this.#isServing = false
  }
}
