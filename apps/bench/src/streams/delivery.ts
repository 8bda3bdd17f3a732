/** Whether what arrives is what was sent: under the own id, in its order, and the same for everybody. */

/** What every subscription of the measurements selects, at the root of its data. */
export interface Told {
  readonly gameId: string
  readonly seq: number
  readonly snapshot: boolean
  /** Null where the graph has none. */
  readonly cursor: string | null
}

/** One event as it was first received, around the id of the subscription. */
interface Reference {
  readonly head: Buffer
  readonly tail: Buffer
  readonly cursor: string | null
  /** When each copy came, until the figures are taken. */
  arrivals: number[]
}

export interface Watcher {
  readonly gameId: string
  readonly id: Buffer
  /** The last event it has; null before the first. */
  at: number | null
}

export interface DeliveryFigures {
  delivered: number
  /** Of all kinds: another id, another order, another payload, errors. */
  wrong: number
  /** What the first of them was; null when there was none. */
  complaint: string | null
}

interface Message {
  type: string
  payload?: { data?: unknown; errors?: unknown }
}

/** Checks the messages of all subscribers of a process against each other. */
export class Delivery {
  readonly #tell: (data: unknown) => Told | null
  readonly #games = new Map<string, Map<number, Reference>>()
  /** The id is not the subscriber's own where there is nothing that knows of subscribers: then any id will do. */
  readonly #ownId: boolean
  figures: DeliveryFigures = { delivered: 0, wrong: 0, complaint: null }

  constructor(tell: (data: unknown) => Told | null, ownId: boolean) {
    this.#tell = tell
    this.#ownId = ownId
  }

  /** Of one message of type `next`, which came at `moment`. */
  receive(watcher: Watcher, message: Buffer, moment: number): void {
    const references = this.#referencesOf(watcher.gameId)
    if (watcher.at !== null) {
      const expected = references.get(watcher.at + 1)
      if (expected && this.#isCopy(message, expected, watcher.id)) {
        watcher.at += 1
        this.figures.delivered += 1
        expected.arrivals.push(moment)
        return
      }
    }
    this.#inspect(watcher, message, moment, references)
  }

  /** Cursors by the number of the event. */
  cursors(gameId: string): Map<number, string> {
    const pairs = [...this.#referencesOf(gameId)].map(([seq, { cursor }]) => [seq, cursor] as const)
    return new Map(pairs.filter((pair): pair is readonly [number, string] => pair[1] !== null))
  }

  /** How long after its moment each copy of these events came. What is not asked for now is forgotten. */
  takeLatencies(moments: readonly (readonly [gameId: string, seq: number, moment: number])[]): Float64Array {
    const latencies = moments.flatMap(([gameId, seq, moment]) =>
      (this.#games.get(gameId)?.get(seq)?.arrivals ?? []).map((arrival) => arrival - moment),
    )
    for (const references of this.#games.values()) {
      for (const reference of references.values()) reference.arrivals = []
    }
    this.figures = { delivered: 0, wrong: 0, complaint: null }
    return Float64Array.from(latencies).sort()
  }

  #isCopy(message: Buffer, { head, tail }: Reference, id: Buffer): boolean {
    const from = head.length
    const to = from + id.length
    return (
      message.length === to + tail.length &&
      message.compare(tail, 0, tail.length, to) === 0 &&
      message.compare(head, 0, from, 0, from) === 0 &&
      (!this.#ownId || message.compare(id, 0, id.length, from, to) === 0)
    )
  }

  /** The first copy of an event, a snapshot, or what is wrong. */
  #inspect(watcher: Watcher, bytes: Buffer, moment: number, references: Map<number, Reference>): void {
    const message = JSON.parse(bytes.toString()) as Message & { id?: string }
    const { type, payload, id = '' } = message
    if (type !== 'next' || !payload?.data || payload.errors) return this.#complain('is no event', bytes)
    if (this.#ownId && id !== watcher.id.toString()) return this.#complain('has another id', bytes)
    const told = this.#tell(payload.data)
    if (!told) return this.#complain('tells what did not happen', bytes)
    if (told.gameId !== watcher.gameId) return this.#complain('is of another game', bytes)
    if (told.snapshot) {
      watcher.at = told.seq
      return
    }
    if (watcher.at !== null && told.seq !== watcher.at + 1) {
      return this.#complain(`comes after ${watcher.at}`, bytes)
    }
    if (references.has(told.seq)) return this.#complain('differs from what others were told', bytes)
    const hole = bytes.indexOf(id)
    references.set(told.seq, {
      head: Buffer.from(bytes.subarray(0, hole)),
      tail: Buffer.from(bytes.subarray(hole + id.length)),
      cursor: told.cursor,
      arrivals: [moment],
    })
    watcher.at = told.seq
    this.figures.delivered += 1
  }

  #complain(what: string, bytes: Buffer): void {
    this.figures.wrong += 1
    this.figures.complaint ??= `A message ${what}: ${bytes.toString('utf8', 0, 400)}`
  }

  #referencesOf(gameId: string): Map<number, Reference> {
    const known = this.#games.get(gameId)
    if (known) return known
    const references = new Map<number, Reference>()
    this.#games.set(gameId, references)
    return references
  }
}
