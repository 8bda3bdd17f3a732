import type { RunnableSubscription } from '../operation/index.ts'
import { Channel } from './channel.ts'
import type { HubContext } from './hub-context.ts'
import type { Outlet } from './outlet.ts'
import { FULL, NOWHERE, Subscriber } from './subscriber.ts'

/** All who want the same events, wherever each of them begins. */
export class Topic {
  readonly subscription: RunnableSubscription
  /** Its subgraph has served it at least once. */
  isProven = false
  readonly #hub: HubContext
  readonly #onClosed: () => void
  /** The channel that the replays join; null when it has ended. */
  #lead: Channel | null = null
  #replays: Channel[] = []
  #subscribers = 0
  #cancelLinger: (() => void) | null = null
  #isClosed = false

  constructor(subscription: RunnableSubscription, hub: HubContext, onClosed: () => void) {
    this.subscription = subscription
    this.#hub = hub
    this.#onClosed = onClosed
  }

  /** Null when that would take one upstream too many. */
  subscribe(cursor: string | null, outlet: Outlet): Subscriber | null {
    const after = this.subscription.kind === 'log' ? cursor : null
    const warm = this.#channelFor(after)
    if (!warm && this.#hub.counts.channels >= this.#hub.limits.upstreams) return null
    this.#cancelLinger?.()
    this.#cancelLinger = null
    this.#subscribers += 1
    this.#hub.counts.subscribers += 1
    if (after !== null) this.#hub.counts[warm ? 'resumedAtHand' : 'resumedUpstream'] += 1
    const channel = warm ?? this.#add(after)
    const subscriber = new Subscriber(outlet, after, channel)
    channel.join(subscriber, warm ? warm.memory.startFor(after) : 0)
    if (!warm) channel.open()
    return subscriber
  }

  /** A member whose channel does not hold what it needs: it goes on from its cursor. */
  replace(member: Subscriber): void {
    const { channel: former, after } = member
    former.remove(member)
    const warm = this.#channelFor(after)
    if (after !== null) this.#hub.counts[warm ? 'resumedAtHand' : 'resumedUpstream'] += 1
    const channel = warm ?? this.#add(after)
    channel.join(member, warm ? warm.memory.startFor(after) : 0)
    if (!warm) channel.open()
    if (former !== this.#lead) former.ask()
  }

  /** A member of this channel is told nothing any more. */
  left(channel: Channel): void {
    this.#hub.counts.subscribers -= 1
    this.#subscribers -= 1
    if (this.#isClosed) return
    if (channel !== this.#lead) channel.ask()
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
    if (channel === this.#lead) this.#lead = this.#replays.shift() ?? null
    else this.#replays = this.#replays.filter((replay) => replay !== channel)
    if (this.#subscribers === 0) this.#linger()
  }

  close(): void {
    this.#isClosed = true
    this.#cancelLinger?.()
    this.#cancelLinger = null
    this.#lead?.close()
    for (const replay of this.#replays) replay.close()
    this.#lead = null
    this.#replays = []
  }

  #channelFor(after: string | null): Channel | null {
    if (this.#lead?.isOpen && this.#lead.memory.startFor(after) >= 0) return this.#lead
    return (
      this.#replays.find(
        (replay) => replay.after === after && replay.isOpen && replay.memory.startFor(after) >= 0,
      ) ?? null
    )
  }

  #add(after: string | null): Channel {
    const channel = new Channel(this, after, this.#hub)
    if (this.#lead) this.#replays.push(channel)
    else this.#lead = channel
    return channel
  }

  #mergeOrRetire(replay: Channel): void {
    if (!replay.isOpen || !replay.isSettled) return
    const isLog = this.subscription.kind === 'log'
    // Who is full in a log has a cursor to come back with; in a state stream they need what their channel holds.
    const isWatched = replay.members.length > (isLog ? replay.fullCount : 0)
    if (!isWatched) return this.#moveMembers(replay, this.#lead, NOWHERE)
    const { newest } = replay.memory
    if (!newest) return
    for (const channel of [this.#lead, ...this.#replays]) {
      if (!channel?.isOpen || channel === replay) continue
      const at = channel.memory.indexOf(newest.epoch, newest.seq)
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
    this.#replays = this.#replays.filter((other) => other !== replay)
    replay.close()
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
