import type { EventReceiver, Listening, UpstreamEvent } from '../../transports/index.ts'
import type { Telling } from '../operation/index.ts'
import { BROKEN, COMPLETED, type Ending } from './ending.ts'
import { Entry, type EntryPlace } from './entry.ts'
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
  /** Where the last event stands that was handed on. */
  #handedOn: EntryPlace
  /** One of those that wait could not be told: nothing is read behind it. */
  #isCut = false
  /** The event behind the last that was handed on could not be told. */
  #isStuck = false
  /** How often in a row, and not because something was away. */
  #untold = 0
  /** So many may wait before those are looked for that a later one makes worthless. */
  #conflateAt: number
  /** The upstream has come to its end, which is told behind those that wait. */
  #isCompleted = false
  #isClosed = false

  constructor(owner: IntakeOwner, topic: Topic, after: string | null, hub: HubContext) {
    this.#owner = owner
    this.#topic = topic
    this.#hub = hub
    this.#last = new LastPlace(after)
    this.#handedOn = new LastPlace(after)
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
    const newest = entries.at(-1)
    if (newest) this.#cameForward(newest)
    else if (this.#isCut && this.#readAgainOrTell()) return this.next()
    if (this.#isCompleted && this.isEmpty) {
      this.#isCompleted = false
      this.#owner.end(COMPLETED)
    }
    if (!this.#isCut && this.#pending.length <= pendingEvents / 2) this.#upstream.release()
    return entries
  }

  openUpstream(receiver: EventReceiver): Listening {
    return this.#hub.open(this.#topic.subscription, this.#last.cursor, receiver)
  }

  publish(errors: Parameters<EventReceiver['refused']>[0]): Ending {
    return { errors: this.#hub.publish(errors, this.#topic.subscription.reader) }
  }

  end(ending: Ending): void {
    if (ending === COMPLETED && !this.isEmpty) this.#isCompleted = true
    else this.#owner.end(ending)
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
    this.#upstream.served()
    if (!this.#isStuck) this.#upstream.progressed()
    this.#hub.counts.events += 1
    const key = mark?.kind === 'key' ? mark.key : ''
    const entry = new Entry(this.#last, isSnapshot, key, this.#hub.timers.now())
    this.#pending.push(entry)
    this.#complete(entry, event)
    if (this.#pending.length >= this.#hub.limits.pendingEvents) this.#bound(kind === 'log')
  }

  #complete(entry: Entry, event: UpstreamEvent): void {
    const hasPlace = event.mark?.kind === 'place'
    let telling: Telling | Promise<Telling>
    try {
      telling = this.#topic.subscription.complete(event)
    } catch (error) {
      return this.#break(error)
    }
    if (!(telling instanceof Promise)) this.#completed(entry, telling, hasPlace)
    else
      telling.then(
        (completed) => this.#completed(entry, completed, hasPlace),
        (error: unknown) => this.#break(error),
      )
  }

  #completed(entry: Entry, telling: Telling, hasPlace: boolean): void {
    if (this.#isClosed) return
    if (telling.told !== 'nothing') entry.complete(telling.text)
    else if (this.#topic.subscription.kind === 'state') {
      // It cannot be read again. Where a newer one of its key waits, nobody needs to hear of it.
      if (!this.#pending.leaveOut(entry)) entry.complete(telling.text)
    } else if (hasPlace && (this.#isCompleted || !this.#upstream.isOver)) this.#cut(entry, telling)
    else entry.complete(telling.text)
    this.#owner.ask()
  }

  /** An event of a log that tells nothing is not sent. What is behind it is read again with it. */
  #cut(entry: Entry, telling: Telling): void {
    if (!this.#pending.cutBehind(entry)) return
    entry.trouble = telling
    this.#isCut = true
    // It will come to its end again.
    this.#isCompleted = false
    this.#upstream.hold()
    this.#upstream.drop()
  }

  /**
   * When all before it has been handed on: from there it is read again, for as long as its errors say that it may go
   * well. Where they do not, its errors are sent in its place after some attempts: one event that can never be told
   * must not keep the others. Says whether that is so.
   */
  #readAgainOrTell(): boolean {
    const entry = this.#pending.head
    const trouble = entry?.trouble
    if (!entry || !trouble) return false
    this.#isCut = false
    this.#untold = trouble.retryable ? 0 : this.#untold + 1
    const isTold = this.#untold >= this.#hub.limits.mostUseless
    if (isTold) {
      this.#hub.log.error({ subgraph: this.subgraph, seq: entry.seq }, 'An event of a log cannot be told')
      this.#last.moveTo(entry)
      entry.complete(trouble.text)
      this.#upstream.progressed()
    } else {
      this.#last.moveTo(this.#handedOn)
      this.#pending.clear()
      this.#isStuck = true
    }
    this.#upstream.readAgain(new Error('An event could not be told, and is read again'))
    return isTold
  }

  #cameForward(newest: EntryPlace): void {
    this.#handedOn = newest
    this.#untold = 0
    if (this.#isStuck) this.#upstream.progressed()
    this.#isStuck = false
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
