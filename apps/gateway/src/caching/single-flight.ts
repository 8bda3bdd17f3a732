import { type Cancellation, type CancelListener, ClientPresence } from '../transports/index.ts'

export interface SingleFlight<Answer> {
  /**
   * Waits for the work that goes on under this key, or starts it. `waiter` tells when who asks here has gone, and the
   * work is told when all have. Null for who never goes.
   */
  join(
    key: string,
    waiter: Cancellation | null,
    start: (waiters: Cancellation) => Promise<Answer>,
  ): Promise<Answer>
  /** Whether work goes on under this key that can be joined. */
  has(key: string): boolean
  /** From now on nobody joins what has begun before: its answer may be from before a change. */
  depart(): void
}

/**
 * Lets equal reads that overlap in time share one execution. It remembers no answer and no failure: a flight that has
 * ended is forgotten, whatever its end.
 */
export function createSingleFlight<Answer>(): SingleFlight<Answer> {
  const flights = new Map<string, Flight<Answer>>()
  return {
    join(key, waiter, start) {
      let flight = flights.get(key)
      if (!flight) {
        flight = new Flight(key, flights, start)
        flights.set(key, flight)
      }
      return flight.board(waiter)
    },
    has: (key) => flights.has(key),
    depart: () => flights.clear(),
  }
}

/** To the work it is the one who waits; to each who waits, the one to tell when they go. One object a read, not four. */
class Flight<Answer> extends ClientPresence implements CancelListener {
  readonly #key: string
  readonly #flights: Map<string, Flight<Answer>>
  /**
   * Null once it has landed. V8 leaves behind a table of this map each time it has been filled and emptied, and keeps
   * what stood in it until the next full collection: with their answers still on them, flights made small collections
   * take 25 ms in place of 4.
   */
  #answer: Promise<Answer> | null
  #waiting = 0
  #landed = false

  constructor(
    key: string,
    flights: Map<string, Flight<Answer>>,
    start: (waiters: Cancellation) => Promise<Answer>,
  ) {
    super()
    this.#key = key
    this.#flights = flights
    const answer = start(this)
    this.#answer = answer
    const land = () => {
      this.#landed = true
      this.#forget()
      this.#answer = null
    }
    answer.then(land, land)
  }

  board(waiter: Cancellation | null): Promise<Answer> {
    const answer = this.#answer
    if (answer === null) throw new Error('A flight that has landed was boarded')
    this.#waiting += 1
    if (waiter?.isCancelled) this.cancelled()
    else waiter?.add(this)
    return answer
  }

  /** One of those who wait has gone. */
  cancelled(): void {
    this.#waiting -= 1
    if (this.#waiting > 0 || this.#landed) return
    // Who comes now must not wait for work that is being stopped.
    this.#forget()
    this.cancel()
  }

  /** Another may have begun under this key since this one departed or was given up. */
  #forget(): void {
    if (this.#flights.get(this.#key) === this) this.#flights.delete(this.#key)
  }
}
