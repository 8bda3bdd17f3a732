/** Work in progress that several may wait for. */
export interface Work<Answer> {
  readonly answer: Promise<Answer>
  /** Nobody waits any more. */
  abandon(): void
}

/** One who waits. */
export interface Ticket<Answer> {
  readonly answer: Promise<Answer>
  /** Stops waiting; for the last one this ends the work. Does nothing once the answer is there. */
  leave(): void
}

export interface SingleFlight<Answer> {
  /** Waits for the work that goes on under this key, or starts it. */
  join(key: string, start: () => Work<Answer>): Ticket<Answer>
  /** From now on nobody joins what has begun before: its answer may be from before a change. */
  depart(): void
  /** Whether work goes on under this key that can be joined. */
  has(key: string): boolean
}

/**
 * Lets equal reads that overlap in time share one execution. It remembers no answer and no failure: a flight that has
 * ended is forgotten, whatever its end.
 */
export function createSingleFlight<Answer>(): SingleFlight<Answer> {
  const flights = new Map<string, Flight<Answer>>()
  return {
    join(key, start) {
      const found = flights.get(key)
      if (found) return found.board()
      const flight = new Flight(start(), () => {
        // Another may have begun under this key since this one departed or was given up.
        if (flights.get(key) === flight) flights.delete(key)
      })
      flights.set(key, flight)
      return flight.board()
    },
    depart: () => flights.clear(),
    has: (key) => flights.has(key),
  }
}

class Flight<Answer> {
  readonly #work: Work<Answer>
  readonly #forget: () => void
  #waiting = 0
  #landed = false

  constructor(work: Work<Answer>, forget: () => void) {
    this.#work = work
    this.#forget = forget
    const land = () => {
      this.#landed = true
      forget()
    }
    work.answer.then(land, land)
  }

  board(): Ticket<Answer> {
    this.#waiting += 1
    let waits = true
    return {
      answer: this.#work.answer,
      leave: () => {
        if (!waits || this.#landed) return
        waits = false
        this.#waiting -= 1
        if (this.#waiting > 0) return
        // Who comes now must not wait for work that is being stopped.
        this.#forget()
        this.#work.abandon()
      },
    }
  }
}
