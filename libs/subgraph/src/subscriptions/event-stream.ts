import type { SubgraphEvent, SubgraphEvents } from './subgraph-event.ts'
import type { SubscriptionBrokenError } from './subscription-end.ts'
import type { WorkTurns } from './work-turns.ts'

export interface EventStreamParts {
  readonly source: AsyncIterator<unknown>
  /** Those of all streams, which may be told of the same fact at once. */
  readonly turns: Pick<WorkTurns, 'enter'>
  /** Executes the operation for one root value. */
  answer(root: unknown): SubgraphEvent | Promise<SubgraphEvent>
  toBroken(fault: unknown): SubscriptionBrokenError
  /** Called once, however it ended. */
  onEnd(stream: EventStream): void
  /** The source could not even be left. */
  onFault(fault: unknown): void
}

type Result = IteratorResult<SubgraphEvent, undefined>

interface Waiting {
  resolve(result: Result): void
  reject(error: SubscriptionBrokenError): void
}

const DONE: Result = Object.freeze({ value: undefined, done: true })

/**
 * The events of a subscription, as they are asked for. No async generator: its `return` would wait behind a `next` that
 * waits for an event which may never come, and the source would go on for nobody. While one event is answered the
 * source is already asked for the one after it, and for no more.
 */
export class EventStream implements SubgraphEvents {
  /** Where it stands among those that are open; kept by whoever keeps these. */
  position = -1
  readonly #parts: EventStreamParts
  readonly #waiting: Waiting[] = []
  #ahead: Promise<IteratorResult<unknown>> | null = null
  #isOver = false
  /** Its last word, until somebody has heard it. */
  #broken: SubscriptionBrokenError | null = null

  constructor(parts: EventStreamParts) {
    this.#parts = parts
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      if (this.#isOver) this.#tellEnd()
      else if (this.#waiting.length === 1) void this.#advance()
    })
  }

  return(): Promise<Result> {
    this.#end(null)
    return Promise.resolve(DONE)
  }

  /** Ends it for a reason of ours. */
  break(reason: SubscriptionBrokenError): void {
    this.#end(reason)
  }

  async #advance(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const found = await (this.#ahead ?? this.#pull())
        if (this.#isOver) return
        if (found.done) return this.#end(null)
        this.#ahead = this.#pull()
        const turn = this.#parts.turns.enter()
        if (turn) await turn
        if (this.#isOver) return
        const event = await this.#parts.answer(found.value)
        if (this.#isOver) return
        this.#waiting.shift()?.resolve({ value: event, done: false })
      }
    } catch (fault) {
      if (!this.#isOver) this.#end(this.#parts.toBroken(fault))
    }
  }

  #pull(): Promise<IteratorResult<unknown>> {
    const { source } = this.#parts
    const pulled = new Promise<IteratorResult<unknown>>((resolve) => resolve(source.next()))
    // Perhaps nobody asks for it any more.
    pulled.catch(() => undefined)
    return pulled
  }

  #end(broken: SubscriptionBrokenError | null): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#broken = broken
    this.#ahead = null
    this.#leaveSource()
    this.#parts.onEnd(this)
    this.#tellEnd()
  }

  #leaveSource(): void {
    const { source, onFault } = this.#parts
    try {
      // Not waited for: a generator answers only when what it waits for has come.
      Promise.resolve(source.return?.()).catch(onFault)
    } catch (fault) {
      onFault(fault)
    }
  }

  #tellEnd(): void {
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      if (this.#broken === null) resolve(DONE)
      else reject(this.#broken)
      this.#broken = null
    }
  }
}
