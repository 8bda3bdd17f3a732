import type { EventReceiver, Listening, UpstreamEvent } from '../../transports/index.ts'
import { BROKEN, type Ending } from './ending.ts'
import { Entry } from './entry.ts'
import type { HubContext } from './hub-context.ts'
import { LastPlace } from './last-place.ts'
import { Pending } from './pending.ts'
import type { Topic } from './topic.ts'
import { Upstream, type UpstreamOwner } from './upstream.ts'

/** More keys of a state stream than this many times the limit do not wait, whatever its transport can do. */
const MOST_KEYS = 16

/** Is asked to fetch what has become complete, and told how it ended. */
export interface IntakeOwner {
  ask(): void
  end(ending: Ending): void
}

/** What comes in: from the upstream past the check of its place to a complete text, in order. */
export class Intake implements UpstreamOwner {
  readonly #owner: IntakeOwner
  readonly #topic: Topic
  readonly #hub: HubContext
  readonly #upstream: Upstream
  readonly #pending = new Pending()
  readonly #last: LastPlace
  /** So many may wait before those are looked for that a later one makes worthless. */
  #conflateAt: number
  #isClosed = false

  constructor(owner: IntakeOwner, topic: Topic, after: string | null, hub: HubContext) {
    this.#owner = owner
    this.#topic = topic
    this.#hub = hub
    this.#last = new LastPlace(after)
    this.#conflateAt = hub.limits.pendingEvents
    this.#upstream = new Upstream(this, hub)
  }

  get isEmpty(): boolean {
    return this.#pending.length === 0
  }

  get subgraph(): string {
    return this.#topic.subscription.subgraph
  }

  get isProven(): boolean {
    return this.#topic.isProven
  }

  set isProven(isProven: boolean) {
    this.#topic.isProven = isProven
  }

  open(): void {
    this.#upstream.open()
  }

  close(): void {
    this.#isClosed = true
    this.#upstream.close()
    this.#pending.clear()
  }

  /** The next events that are complete, at most a batch. */
  next(): Entry[] {
    const { batchEvents, batchBytes, pendingEvents } = this.#hub.limits
    const entries = this.#pending.take(batchEvents, batchBytes)
    if (this.#pending.length <= pendingEvents / 2) this.#upstream.release()
    return entries
  }

  openUpstream(receiver: EventReceiver): Listening {
    return this.#hub.open(this.#topic.subscription, this.#last.cursor, receiver)
  }

  publish(errors: Parameters<EventReceiver['refused']>[0]): Ending {
    return { errors: this.#hub.publish(errors, this.#topic.subscription.reader) }
  }

  end(ending: Ending): void {
    this.#owner.end(ending)
  }

  take(event: UpstreamEvent): void {
    const { mark } = event
    const { kind } = this.#topic.subscription
    let isSnapshot = false
    if (kind === 'log' && mark?.kind === 'place') {
      const verdict = this.#last.judge(mark)
      if (verdict === 'known') return
      if (verdict === 'jump') {
        const { epoch, seq } = this.#last
        const jump = `from ${epoch}:${seq} to ${mark.epoch}:${mark.seq}`
        return this.#upstream.reopen(new Error(`The log of a subscription jumped ${jump} without a snapshot`))
      }
      this.#last.moveTo(mark)
      isSnapshot = mark.snapshot
    }
    this.isProven = true
    this.#upstream.progressed()
    this.#hub.counts.events += 1
    const key = mark?.kind === 'key' ? mark.key : ''
    const entry = new Entry(this.#last, isSnapshot, key, this.#hub.timers.now())
    this.#pending.push(entry)
    this.#complete(entry, event)
    if (this.#pending.length >= this.#hub.limits.pendingEvents) this.#bound(kind === 'log')
  }

  #complete(entry: Entry, event: UpstreamEvent): void {
    let text: string | Promise<string>
    try {
      text = this.#topic.subscription.complete(event)
    } catch (error) {
      return this.#break(error)
    }
    if (typeof text === 'string') this.#completed(entry, text)
    else
      text.then(
        (completed) => this.#completed(entry, completed),
        (error: unknown) => this.#break(error),
      )
  }

  #completed(entry: Entry, text: string): void {
    entry.complete(text)
    if (!this.#isClosed) this.#owner.ask()
  }

  /** An event that cannot be told would be a hole, so nothing is told any more. */
  #break(error: unknown): void {
    if (this.#isClosed) return
    this.#hub.log.error({ err: error, subgraph: this.subgraph }, 'An event could not be completed')
    this.close()
    this.#owner.end(BROKEN)
  }

  /**
   * A log is read again from its last place. A state stream would begin again, and perhaps never come further than the
   * last time; so of that only the newest of each key wait.
   */
  #bound(isLog: boolean): void {
    const { pendingEvents } = this.#hub.limits
    const holds = this.#upstream.hold()
    if (!isLog && this.#pending.length >= this.#conflateAt) {
      this.#pending.keepNewestOfKeys()
      this.#conflateAt = Math.max(pendingEvents, 2 * this.#pending.length)
    }
    const most = pendingEvents * (isLog ? 2 : MOST_KEYS)
    if ((isLog && !holds) || this.#pending.length >= most) this.#upstream.drop()
  }
}
