/** Told when the client has gone. */
export interface CancelListener {
  cancelled(): void
}

/** Whether somebody still waits for the answer to a request. */
export interface Cancellation {
  readonly isCancelled: boolean
  /** Add before the cancellation only: afterwards nobody is told. */
  add(listener: CancelListener): void
  remove(listener: CancelListener): void
}

/**
 * The state of one request. An AbortController with one listener costs 3 µs a request, and fetches would each add and
 * remove theirs; this costs 0.1 µs.
 */
export class ClientPresence implements Cancellation {
  isCancelled = false
  readonly #listeners: CancelListener[] = []

  add(listener: CancelListener): void {
    this.#listeners.push(listener)
  }

  remove(listener: CancelListener): void {
    const index = this.#listeners.indexOf(listener)
    if (index !== -1) this.#listeners.splice(index, 1)
  }

  /** The client has gone. */
  cancel(): void {
    if (this.isCancelled) return
    this.isCancelled = true
    for (const listener of this.#listeners.splice(0)) listener.cancelled()
  }
}
