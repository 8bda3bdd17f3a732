import { DomainError } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import type { HubContext, OpenUpstream, PublishErrors } from './hub-context.ts'
import { type HubLimits, toHubLimits } from './hub-limits.ts'
import { type HubTimers, systemHubTimers } from './hub-timers.ts'
import { OutageLog } from './outage-log.ts'
import type { SubscriptionHub } from './subscription-hub.ts'
import { ReplaySlots } from './replay-slots.ts'
import { Topic } from './topic.ts'
import { Turns } from './turns.ts'

export interface SubscriptionHubOptions {
  /** Opens a subscription in its subgraph, for the events after a cursor. May speak to the receiver before it returns. */
  open: OpenUpstream
  publish: PublishErrors
  log: Logger
  limits?: Partial<HubLimits>
  /** Is told for each batch how long its oldest event took from its subgraph until the last client had it. */
  onSent?(seconds: number): void
  timers?: HubTimers
  /** Default: `Math.random`. */
  random?(): number
}

export function createSubscriptionHub(options: SubscriptionHubOptions): SubscriptionHub {
  const { open, publish, log, timers = systemHubTimers, random = Math.random, onSent = () => {} } = options
  const limits = toHubLimits(options.limits)
  const slots = new ReplaySlots(limits.replays)
  const turns = new Turns(timers, limits.sliceMs)
  const outages = new OutageLog(log, () => timers.now())
  const counts = {
    channels: 0,
    subscribers: 0,
    parked: 0,
    waiting: 0,
    upstreams: 0,
    events: 0,
    deliveries: 0,
    conflated: 0,
    reopened: 0,
    resumedAtHand: 0,
    resumedUpstream: 0,
  }
  const hub: HubContext = {
    open,
    publish,
    timers,
    random,
    limits,
    turns,
    slots,
    counts,
    outages,
    log,
    onSent,
  }
  const topics = new Map<string, Topic>()
  let isStopped = false

  return {
    subscribe(subscription, after, outlet) {
      if (isStopped) throw stopping()
      const { topic: name } = subscription
      const topic = topics.get(name) ?? new Topic(subscription, hub, () => topics.delete(name))
      const subscriber = topic.subscribe(after, outlet)
      if (!subscriber) throw tooMany()
      topics.set(name, topic)
      return subscriber
    },
    figures() {
      const { channels: _, ...figures } = counts
      return { topics: topics.size, ...figures }
    },
    stop() {
      isStopped = true
      turns.stop()
      slots.stop()
      for (const topic of topics.values()) topic.close()
      topics.clear()
    },
  }
}

function stopping(): DomainError {
  return new DomainError({
    kind: 'unavailable',
    code: 'DRAINING',
    message: 'This server is stopping. Connect again.',
  })
}

function tooMany(): DomainError {
  return new DomainError({
    kind: 'unavailable',
    code: 'TOO_MANY_SUBSCRIPTIONS',
    message: 'This server follows as many different subscriptions as it can. Try again in a moment.',
  })
}
