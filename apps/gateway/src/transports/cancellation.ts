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
 * Whether the client of one request is still there. An AbortController to which each fetch adds a listener and takes it
 * away again costs 0.2 µs and more; this costs 0.02 µs.
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
