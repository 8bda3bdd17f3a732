import { Batch } from './batch.ts'
import { BROKEN, COMPLETED, type Ending, UNAVAILABLE } from './ending.ts'
import type { Entry } from './entry.ts'
import type { HubContext } from './hub-context.ts'
import { Intake, type IntakeOwner } from './intake.ts'
import type { Memory } from './memory.ts'
import { NewestOfKeys } from './newest-of-keys.ts'
import { Ring } from './ring.ts'
import { FRESH, FULL, LIVE, OVER, type Standing, type Subscriber } from './subscriber.ts'
import type { Topic } from './topic.ts'
import type { Turn } from './turns.ts'

/**
 * One upstream, what it sent, and those who are sent it. A topic has one that leads, and one for each replay.
 *
 * Its members stand at the end of its memory; or just before the batch that is being delivered; or they are behind, and
 * are listed as such; or they are full. Whether somebody is sent something is decided by where they stand and nothing
 * else, so it does not matter who comes, leaves or moves in the midst of a flush.
 */
export class Channel implements IntakeOwner, Standing, Turn {
  readonly topic: Topic
  /** The cursor that it was opened with. */
  readonly after: string | null
  readonly memory: Memory
  readonly members: Subscriber[] = []
  fullCount = 0
  isWaiting = false
  readonly #hub: HubContext
  readonly #intake: Intake
  #behind: Subscriber[] = []
  #batch: Batch | null = null
  /** Who is sent the batch stands here; those from `#next` down have not been looked at. */
  #before = 0
  #next = -1
  #ending: Ending | null = null
  #phase: 'open' | 'ended' | 'closed' = 'open'

  constructor(topic: Topic, after: string | null, hub: HubContext) {
    this.topic = topic
    this.after = after
    this.#hub = hub
    this.memory =
      topic.subscription.kind === 'log' ? new Ring(hub.limits, after) : new NewestOfKeys(hub.limits)
    this.#intake = new Intake(this, topic, after, hub)
    hub.counts.channels += 1
  }

  /** Whether it may still have events. */
  get isOpen(): boolean {
    return this.#phase === 'open' && !this.#ending
  }

  /** Whether all members who are not full have been sent everything. */
  get isSettled(): boolean {
    return !this.#batch && this.#behind.length === 0
  }

  open(): void {
    this.#intake.open()
  }

  close(): void {
    if (this.#phase === 'open') this.#hub.counts.channels -= 1
    this.#phase = 'closed'
    this.#intake.close()
    this.#behind = []
  }

  // Members

  cursorAt(at: number): string | null {
    return this.memory.cursorAt(at)
  }

  join(member: Subscriber, at: number): void {
    member.channel = this
    member.at = at
    member.slot = this.members.push(member) - 1
    if (member.state === FULL) this.fullCount += 1
    else if (at < this.memory.end) this.#fallBehind(member)
  }

  /** The last one takes its place: nobody moves but one, wherever it stood. */
  remove(member: Subscriber): void {
    if (member.state === FULL) this.fullCount -= 1
    const last = this.members.pop() as Subscriber
    if (last !== member) {
      this.members[member.slot] = last
      last.slot = member.slot
    }
    member.slot = -1
  }

  unpark(member: Subscriber): void {
    member.state = FRESH
    this.fullCount -= 1
    this.#hub.counts.parked -= 1
    this.#fallBehind(member)
  }

  dismiss(member: Subscriber): void {
    member.after = member.cursor
    this.remove(member)
    if (member.state === FULL) this.#hub.counts.parked -= 1
    member.state = OVER
    this.topic.left(this)
  }

  /** Gets a turn also when nothing has come. */
  ask(): void {
    this.#hub.turns.ask(this)
  }

  #fallBehind(member: Subscriber): void {
    this.#behind.push(member)
    this.ask()
  }

  end(ending: Ending): void {
    // Nobody has been served: those who wait have waited as long.
    if (ending === UNAVAILABLE) this.topic.takeAllAlong(this)
    this.#ending ??= ending
    this.ask()
  }

  // The flush

  run(until: number): boolean {
    if (this.#phase === 'closed') return true
    do {
      if (!this.#deliver(until) || !this.#catchUp(until)) return false
    } while (this.#beginBatch())
    if (this.#ending && this.#phase === 'open' && this.#intake.isEmpty && !this.#finish(until)) return false
    this.topic.settled(this)
    return true
  }

  #beginBatch(): boolean {
    const entries = this.#intake.next()
    if (entries.length === 0) return false
    this.#before = this.memory.end
    this.memory.append(entries)
    this.topic.takeAlong(this, entries, this.#before)
    this.#batch = new Batch(entries)
    this.#next = this.members.length - 1
    return true
  }

  /** Downwards, as who leaves is replaced by the last one, which has been looked at. */
  #deliver(until: number): boolean {
    const batch = this.#batch
    if (!batch) return true
    const { members, memory } = this
    const { timers, limits } = this.#hub
    const before = this.#before
    const through = memory.end
    let next = this.#next
    for (let looks = 1; next >= 0; next -= 1, looks += 1) {
      const member = members[next]
      if (member && member.at === before && member.state !== FULL) this.#send(member, batch, through)
      if (looks % limits.clientsPerLook === 0 && timers.now() >= until) {
        this.#next = next - 1
        return false
      }
    }
    this.#batch = null
    const [oldest] = batch.payloads as readonly Entry[]
    if (oldest) this.#hub.onSent((timers.now() - oldest.receivedAt) / 1_000)
    return true
  }

  /**
   * Those who stand at the same place are sent the same batch. Always before the next batch is taken into memory, so
   * that nothing they need is forgotten meanwhile.
   */
  #catchUp(until: number): boolean {
    if (this.#behind.length === 0) return true
    const { memory } = this
    const stretches = new Map<number, { batch: Batch; through: number } | null>()
    for (let member = this.#behind.pop(); member; member = this.#behind.pop()) {
      if (member.channel !== this || member.state === FULL || member.state === OVER) continue
      if (member.at < memory.end) {
        let stretch = stretches.get(member.at)
        if (stretch === undefined) {
          const held = memory.stretchAfter(member.at)
          stretch = held && { batch: new Batch(held.entries), through: held.through }
          stretches.set(member.at, stretch)
        }
        if (!stretch) this.topic.replace(member, this)
        else {
          const missed = stretch.through - member.at - stretch.batch.payloads.length
          // Who has just come did not miss what came before.
          if (member.at > 0) this.#hub.counts.conflated += missed
          this.#send(member, stretch.batch, stretch.through)
        }
        if (member.channel === this && member.state === LIVE) this.#behind.push(member)
      } else if (this.#phase === 'ended') this.#tellEnd(member, COMPLETED)
      if (this.#hub.timers.now() >= until) return this.#behind.length === 0
    }
    return true
  }

  #send(member: Subscriber, batch: Batch, through: number): void {
    member.at = through
    member.state = LIVE
    this.#hub.counts.deliveries += batch.payloads.length
    let answer: 'full' | undefined
    try {
      answer = member.outlet.deliver(batch)
    } catch (error) {
      this.#hub.log.error({ err: error }, 'An outlet failed, and is sent no more')
      if (member.state === LIVE) this.#tellEnd(member, BROKEN)
      return
    }
    if (answer !== 'full' || member.state !== LIVE) return
    member.after = member.cursor
    member.state = FULL
    this.fullCount += 1
    this.#hub.counts.parked += 1
  }

  /** Who is full is told the end when they have been sent what comes before it. */
  #finish(until: number): boolean {
    const ending = this.#ending as Ending
    for (let next = this.members.length - 1; next >= 0; next -= 1) {
      const member = this.members[next]
      if (member && (ending.errors || member.state !== FULL)) this.#tellEnd(member, ending)
      if (this.#hub.timers.now() >= until) return false
    }
    this.#phase = 'ended'
    this.#hub.counts.channels -= 1
    this.topic.ended(this)
    return true
  }

  #tellEnd(member: Subscriber, { errors }: Ending): void {
    this.dismiss(member)
    try {
      if (errors) member.outlet.failed(errors)
      else member.outlet.completed()
    } catch (error) {
      this.#hub.log.error({ err: error }, 'An outlet failed at its end')
    }
  }
}
