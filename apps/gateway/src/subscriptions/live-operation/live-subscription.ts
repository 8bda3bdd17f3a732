import type { PublicError } from '../../errors/index.ts'
import { refusalOf } from '../../errors/index.ts'
import type { HeldVersion, LiveVersion } from '../../supergraph/index.ts'
import type { Listed } from '../connections/index.ts'
import type { Batch, HubSubscription, Outlet, SubscriptionHub } from '../hub/index.ts'
import type { RunnableSubscription } from '../operation/index.ts'
import type { LiveGraph } from './live-graph.ts'
import type { LiveObserver } from './live-observer.ts'
import type { LiveOperation, LiveOutlet, LiveRequest } from './live-operations.ts'
import type { StandingPlace } from './standing-demand.ts'

/** What all subscriptions have in common. */
export interface LiveSubscriptionParts {
  readonly graph: Pick<LiveVersion<LiveGraph>, 'hold'>
  readonly hub: Pick<SubscriptionHub, 'subscribe'>
  readonly observer: LiveObserver
  /** Whether it may go on as things are now, and as what. At once; throws the refusal. */
  readmit(held: HeldVersion<LiveGraph>, request: LiveRequest): RunnableSubscription
  onEnd(subscription: LiveSubscription): void
}

export interface BegunLive {
  readonly request: LiveRequest
  readonly outlet: LiveOutlet
  readonly held: HeldVersion<LiveGraph>
  readonly subscription: RunnableSubscription
  readonly after: string | null
  /** What it counts for its holder. */
  readonly standing: StandingPlace
}

/**
 * A client's subscription for as long as the client wants it: it outlives versions of the graph, and changes of what
 * its holder may do. When one of them changes it leaves its place in the hub and takes the one that is right now, where
 * it goes on after the last event that its client was sent. Both at once, so that nothing comes between.
 */
export class LiveSubscription implements LiveOperation, Outlet, Listed {
  position = -1
  readonly #parts: LiveSubscriptionParts
  readonly #outlet: LiveOutlet
  readonly #request: LiveRequest
  readonly #standing: StandingPlace
  readonly #forgetHolder: () => void
  #held: HeldVersion<LiveGraph>
  #runnable: RunnableSubscription
  #place: HubSubscription
  #isFull = false
  /** It has to move as soon as its client can be sent something again. */
  #isMoving = false
  #isEnded = false

  constructor(parts: LiveSubscriptionParts, begun: BegunLive) {
    const { request, outlet, held, subscription, after } = begun
    this.#parts = parts
    this.#outlet = outlet
    this.#request = request
    this.#standing = begun.standing
    this.#held = held
    const from = subscription.kind === 'log' ? (request.lastEvent ?? after) : null
    this.#place = parts.hub.subscribe(subscription, from, this)
    this.#runnable = this.#place.subscription
    this.#forgetHolder = request.holder.onChange(() => this.#renew())
    parts.observer.began()
  }

  get cursor(): string | null {
    return this.#place.cursor
  }

  deliver(batch: Batch): 'full' | undefined {
    const taken = this.#outlet.deliver(batch)
    if (taken === 'full') this.#isFull = true
    return taken
  }

  completed(): void {
    if (this.#end('completed')) this.#outlet.completed()
  }

  failed(errors: readonly PublicError[]): void {
    if (this.#end('failed')) this.#outlet.failed(errors)
  }

  ready(): void {
    if (this.#isEnded) return
    this.#isFull = false
    if (this.#isMoving) this.#move()
    else this.#place.ready()
  }

  stop(): void {
    if (this.#end('left')) this.#place.stop()
  }

  /** There may be a new version of the graph. */
  followGraph(): void {
    if (this.#held.isSuperseded) this.#renew()
  }

  #renew(): void {
    if (this.#isEnded) return
    const held = this.#parts.graph.hold()
    let runnable: RunnableSubscription
    try {
      runnable = this.#parts.readmit(held, this.#request)
    } catch (error) {
      held.release()
      this.#place.stop()
      this.failed(refusalOf(error, this.#request.log).errors)
      return
    }
    const isSame = held.version === this.#held.version && runnable.topic === this.#runnable.topic
    this.#held.release()
    this.#held = held
    if (isSame) return
    this.#runnable = runnable
    this.#standing.moveTo(runnable.topic)
    if (this.#isFull) this.#isMoving = true
    else this.#move()
  }

  #move(): void {
    this.#isMoving = false
    const { cursor } = this.#place
    this.#place.stop()
    const after = this.#runnable.kind === 'log' ? cursor : null
    try {
      this.#place = this.#parts.hub.subscribe(this.#runnable, after, this)
      this.#runnable = this.#place.subscription
      this.#parts.observer.moved()
    } catch (error) {
      this.failed(refusalOf(error, this.#request.log).errors)
    }
  }

  /** Whether it had not ended before. */
  #end(outcome: 'completed' | 'failed' | 'left'): boolean {
    if (this.#isEnded) return false
    this.#isEnded = true
    this.#forgetHolder()
    this.#held.release()
    this.#standing.leave()
    this.#parts.onEnd(this)
    this.#parts.observer.ended(outcome)
    return true
  }
}
