import { type SubgraphEvents, type SubgraphSubscription, SubscriptionBrokenError } from '@courtside/subgraph'
import type { EventReceiver, Listening } from './event-receiver.ts'
import { TransportFailure } from './subgraph-transport.ts'
import { tellErrors } from './tell-errors.ts'

/** Events at hand are read for this long without a pause; then others have their turn. */
const TURN_MS = 8

/** Reads the next event of a subgraph in this process when the one before has been taken. */
export class InProcessListening implements Listening {
  readonly #receiver: EventReceiver
  #events: SubgraphEvents | null = null
  #isOver = false
  /** While it is paused. */
  #paused: PromiseWithResolvers<void> | null = null

  constructor(opening: Promise<SubgraphSubscription>, receiver: EventReceiver) {
    this.#receiver = receiver
    this.#run(opening).catch((cause: unknown) => this.#fail(cause))
  }

  stop(): void {
    this.#isOver = true
    this.resume()
    void this.#events?.return()
  }

  pause(): void {
    this.#paused ??= Promise.withResolvers()
  }

  resume(): void {
    this.#paused?.resolve()
    this.#paused = null
  }

  async #run(opening: Promise<SubgraphSubscription>): Promise<void> {
    const { events, errors } = await opening
    if (this.#isOver) return void events?.return()
    if (!events) return this.#end(() => tellErrors(this.#receiver, errors))
    this.#events = events
    let turnEnds = performance.now() + TURN_MS
    for (;;) {
      const { done, value } = await events.next()
      // It may have come before it was paused.
      while (this.#paused !== null) await this.#paused.promise
      if (this.#isOver) return
      if (done) return this.#end(() => this.#receiver.completed())
      this.#receiver.event(value)
      if (performance.now() < turnEnds) continue
      await new Promise(setImmediate)
      turnEnds = performance.now() + TURN_MS
    }
  }

  #fail(cause: unknown): void {
    this.#end(() => {
      if (cause instanceof SubscriptionBrokenError) return tellErrors(this.#receiver, cause.errors)
      this.#receiver.failed(new TransportFailure('useless', 'The subgraph failed', { cause }))
    })
  }

  #end(tell: () => void): void {
    if (this.#isOver) return
    this.#isOver = true
    tell()
  }
}
