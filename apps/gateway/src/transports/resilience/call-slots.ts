export interface SlotLimits {
  /** How many requests one subgraph may have at a time. Default: 256. */
  readonly inFlight: number
  /** How many may wait for one of those to end. Default: 1,024; more only wait until nobody wants their answer. */
  readonly queued: number
}

export const DEFAULT_SLOT_LIMITS: SlotLimits = { inFlight: 256, queued: 1_024 }

/** Waits for a slot. */
export interface SlotSeeker {
  /** It has a slot now, and gives it back by `release`. */
  slotGranted(): void
}

/** Bounds what one subgraph has to do at a time. First come, first served. */
export class CallSlots {
  readonly #limits: SlotLimits
  /** In order of arrival. */
  readonly #queue = new Set<SlotSeeker>()
  #inFlight = 0
  #granting = false

  constructor(limits: SlotLimits) {
    this.#limits = limits
  }

  get inFlight(): number {
    return this.#inFlight
  }

  get queued(): number {
    return this.#queue.size
  }

  /** `granted`: go on at once, nobody will say so again. */
  seek(seeker: SlotSeeker): 'granted' | 'queued' | 'full' {
    if (this.#inFlight < this.#limits.inFlight && this.#queue.size === 0) {
      this.#inFlight++
      return 'granted'
    }
    if (this.#queue.size >= this.#limits.queued) return 'full'
    this.#queue.add(seeker)
    return 'queued'
  }

  /** It waits no longer. */
  leave(seeker: SlotSeeker): void {
    this.#queue.delete(seeker)
  }

  release(): void {
    this.#inFlight--
    // Who is granted a slot may release it at once; a loop serves a thousand of those, recursion would not.
    if (this.#granting) return
    this.#granting = true
    while (this.#queue.size > 0 && this.#inFlight < this.#limits.inFlight) {
      for (const first of this.#queue) {
        this.#queue.delete(first)
        this.#inFlight++
        first.slotGranted()
        break
      }
    }
    this.#granting = false
  }
}
