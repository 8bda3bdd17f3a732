import type { RunnableSubscription } from '../operation/index.ts'
import { Channel } from './channel.ts'
import type { Entry } from './entry.ts'
import type { HubContext } from './hub-context.ts'
import type { Outlet } from './outlet.ts'
import type { ReplayOwner } from './replay-slots.ts'
import { FULL, NOWHERE, Subscriber } from './subscriber.ts'
import { WaitingRoom } from './waiting-room.ts'

/** All who want the same events, wherever each of them begins. */
export class Topic implements ReplayOwner {
  readonly subscription: RunnableSubscription
  /** Its subgraph has served it at least once. */
  isProven = false
  isQueued = false
  readonly #hub: HubContext
  readonly #onClosed: () => void
  /** The channel that the replays join; null when it has ended. */
  #lead: Channel | null = null
  /** Each with a cursor has a slot of the hub. */
  #replays: Channel[] = []
  readonly #room: WaitingRoom
  #subscribers = 0
  #cancelLinger: (() => void) | null = null
  #isClosed = false

  constructor(subscription: RunnableSubscription, hub: HubContext, onClosed: () => void) {
    this.subscription = subscription
    this.#hub = hub
    this.#onClosed = onClosed
    this.#room = new WaitingRoom(this, hub.counts)
  }

  /** Null when that would take one upstream too many. */
  subscribe(cursor: string | null, outlet: Outlet): Subscriber | null {
    const after = this.subscription.kind === 'log' ? cursor : null
    const { counts, limits } = this.#hub
    const opens = !this.#channelFor(after) && !this.#mustWait(after)
    if (opens && counts.channels >= limits.upstreams) return null
    this.#cancelLinger?.()
    this.#cancelLinger = null
    this.#subscribers += 1
    counts.subscribers += 1
    const subscriber = new Subscriber(outlet, after, this.#room)
    this.#place(subscriber)
    return subscriber
  }

  /** A member whose channel does not hold what it needs: it goes on from its cursor. */
  replace(member: Subscriber, former: Channel): void {
    former.remove(member)
    this.#place(member)
    if (former !== this.#lead) former.ask()
  }

  /** Those who wait with a cursor of these entries, which the channel has just taken behind this index. */
  takeAlong(channel: Channel, entries: readonly Entry[], before: number): void {
    let at = before
    for (const { cursor } of entries) {
      at += 1
      if (this.#room.isEmpty) return
      for (const member of this.#room.take(cursor)) {
        this.#hub.counts.resumedAtHand += 1
        channel.join(member, at)
      }
    }
  }

  /** All who wait, to be told what the members of this channel are told. */
  takeAllAlong(channel: Channel): void {
    for (let cursor = this.#room.next; cursor !== null; cursor = this.#room.next) {
      for (const member of this.#room.take(cursor)) channel.join(member, channel.memory.end)
    }
  }

  /** For who waits for the longest time, and all who wait with them. */
  openReplay(): boolean {
    const { next } = this.#room
    if (next === null || !this.#lead || this.#isClosed || this.#mustWait(next)) return false
    this.#open(next, this.#room.take(next))
    return true
  }

  /** A member of this channel, or one who waited, is told nothing any more. */
  left(channel: Channel | null): void {
    this.#hub.counts.subscribers -= 1
    this.#subscribers -= 1
    if (this.#isClosed) return
    if (channel !== this.#lead) channel?.ask()
    if (this.#subscribers === 0) this.#linger()
  }

  /** A channel has sent all it has to those who take it: the moment at which replays may join another channel. */
  settled(channel: Channel): void {
    if (this.#isClosed) return
    if (channel === this.#lead) for (const replay of [...this.#replays]) this.#mergeOrRetire(replay)
    else if (this.#replays.includes(channel)) this.#mergeOrRetire(channel)
  }

  /** Those who are full stay with it until they have been sent the rest. */
  ended(channel: Channel): void {
    if (channel === this.#lead) {
      this.#lead = this.#replays[0] ?? null
      if (this.#lead) this.#noReplay(this.#lead)
      else if (this.#room.next !== null) this.#open(this.#room.next, this.#room.take(this.#room.next))
    } else this.#noReplay(channel)
    if (this.#subscribers === 0) this.#linger()
  }

  close(): void {
    this.#isClosed = true
    this.#cancelLinger?.()
    this.#cancelLinger = null
    this.#lead?.close()
    this.#lead = null
    for (const replay of this.#replays) {
      this.#noReplay(replay)
      replay.close()
    }
  }

  #channelFor(after: string | null): Channel | null {
    if (this.#lead?.isOpen && this.#lead.memory.startFor(after) >= 0) return this.#lead
    return (
      this.#replays.find(
        (replay) =>
          replay.isOpen && (after !== null || replay.after === null) && replay.memory.startFor(after) >= 0,
      ) ?? null
    )
  }

  #place(member: Subscriber): void {
    const { after } = member
    const warm = this.#channelFor(after)
    if (warm) {
      if (after !== null) this.#hub.counts.resumedAtHand += 1
      warm.join(member, warm.memory.startFor(after))
    } else if (after !== null && this.#mustWait(after)) {
      this.#room.join(member, after)
      this.#hub.slots.queue(this)
    } else this.#open(after, [member])
  }

  /** Who leads needs no slot; nor does who has no cursor: a snapshot costs little, and most people begin with one. */
  #mustWait(after: string | null): boolean {
    if (after === null || !this.#lead) return false
    const running = this.#replays.filter((replay) => replay.after !== null).length
    return running >= this.#hub.limits.replaysOfTopic || !this.#hub.slots.isFree
  }

  #open(after: string | null, members: readonly Subscriber[]): void {
    const channel = new Channel(this, after, this.#hub)
    if (after !== null) {
      this.#hub.counts.resumedUpstream += 1
      this.#hub.counts.resumedAtHand += members.length - 1
      if (this.#lead) this.#hub.slots.take()
    }
    if (this.#lead) this.#replays.push(channel)
    else this.#lead = channel
    for (const member of members) channel.join(member, 0)
    channel.open()
  }

  /** It has ended, or leads: another one may be opened. */
  #noReplay(channel: Channel): void {
    this.#replays = this.#replays.filter((replay) => replay !== channel)
    if (channel.after === null) return
    if (!this.#room.isEmpty) this.#hub.slots.queue(this)
    this.#hub.slots.giveBack()
  }

  #mergeOrRetire(replay: Channel): void {
    if (!replay.isOpen || !replay.isSettled) return
    const isLog = this.subscription.kind === 'log'
    // Who is full in a log has a cursor to come back with; in a state stream they need what their channel holds.
    const isWatched = replay.members.length > (isLog ? replay.fullCount : 0)
    if (!isWatched) return this.#moveMembers(replay, this.#lead, NOWHERE)
    if (!isLog) return
    const { newest } = replay.memory
    for (const channel of [this.#lead, ...this.#replays]) {
      if (!channel?.isOpen || channel === replay) continue
      // One that was sent nothing stands where it began.
      const at = newest
        ? channel.memory.indexOf(newest.epoch, newest.seq)
        : channel.memory.startFor(replay.after)
      if (at >= 0) return this.#moveMembers(replay, channel, at)
    }
  }

  /** Closes a replay that is not needed any more. */
  #moveMembers(replay: Channel, channel: Channel | null, at: number): void {
    const { end } = replay.memory
    for (let member = replay.members.at(-1); member && channel; member = replay.members.at(-1)) {
      replay.remove(member)
      channel.join(member, member.state === FULL && member.at !== end ? NOWHERE : at)
    }
    replay.close()
    this.#noReplay(replay)
  }

  #linger(): void {
    this.#cancelLinger?.()
    const close = () => {
      this.close()
      this.#onClosed()
    }
    if (this.#lead) this.#cancelLinger = this.#hub.timers.after(this.#hub.limits.lingerMs, close)
    else close()
  }
}
