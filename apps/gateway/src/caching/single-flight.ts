import { type Cancellation, type CancelListener, ClientPresence } from '../transports/index.ts'

/** Who waits for an answer, and how long. */
export interface Waiter {
  /** Told when they have gone. Null for who never goes. */
  readonly cancellation: Cancellation | null
  /** In milliseconds of `performance.now()`. Default: they wait as long as it takes. */
  readonly deadline?: number | null
}

/** All who wait for one work. */
export interface Waiters extends Cancellation {
  /** That of the most patient of those who have come so far. */
  readonly deadline: number
}

export interface SingleFlight<Answer> {
  /** Waits for the work that goes on under this key, or starts it. The work is told when all who wait have gone. */
  join(key: string, waiter: Waiter, start: (waiters: Waiters) => Promise<Answer>): Promise<Answer>
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
        flight = new Flight(key, flights, waiter, start)
        flights.set(key, flight)
      }
      return flight.board(waiter)
    },
    has: (key) => flights.has(key),
    depart: () => flights.clear(),
  }
}

/** To the work it is the one who waits; to each who waits, the one to tell when they go. One object a read, not four. */
class Flight<Answer> extends ClientPresence implements CancelListener, Waiters {
  deadline: number
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
    first: Waiter,
    start: (waiters: Waiters) => Promise<Answer>,
  ) {
    super()
    this.deadline = first.deadline ?? Infinity
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

  board({ cancellation, deadline }: Waiter): Promise<Answer> {
    const answer = this.#answer
    if (answer === null) throw new Error('A flight that has landed was boarded')
    this.#waiting += 1
    this.deadline = Math.max(this.deadline, deadline ?? Infinity)
    if (cancellation?.isCancelled) this.cancelled()
    else cancellation?.add(this)
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
