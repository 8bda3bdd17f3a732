import type { Metrics } from '@courtside/http'
import type { HubFigures } from './hub/index.ts'
import type { LiveObserver } from './live-operation/index.ts'

/** What is counted of subscriptions, whatever transport they came over. */
export interface SubscriptionMetrics {
  readonly live: LiveObserver
  /** How long an event took from its subgraph until the last client had been sent it. */
  sent(seconds: number): void
  /** `read` is asked each time that the figures are told. */
  figures(read: () => Figures): void
}

interface Figures {
  readonly hub: HubFigures
  readonly httpStreams: number
  readonly heldCredentials: number
}

export function createSubscriptionMetrics(metrics: Metrics): SubscriptionMetrics {
  const begun = metrics
    .counter('courtside_gateway_subscriptions_begun_total', 'Subscriptions that began.')
    .with({})
  const ended = metrics.counter(
    'courtside_gateway_subscriptions_ended_total',
    'Subscriptions that ended, by who ended them.',
    ['outcome'],
  )
  const moved = metrics
    .counter(
      'courtside_gateway_subscriptions_moved_total',
      'Subscriptions that went on under a new graph or access.',
    )
    .with({})
  const sent = metrics
    .durations(
      'courtside_gateway_event_duration_seconds',
      'From an event of a subgraph until the last client had been sent it.',
      [],
    )
    .with({})
  const now = metrics.gauge('courtside_gateway_hub', 'What the subscription hub holds at the moment.', [
    'what',
  ])
  const done = metrics.counter('courtside_gateway_hub_total', 'What the subscription hub has done.', ['what'])
  const httpStreams = metrics
    .gauge('courtside_gateway_http_streams', 'HTTP responses on which answers follow each other.')
    .with({})
  const held = metrics
    .gauge('courtside_gateway_held_credentials', 'Connections whose credential is watched.')
    .with({})

  return {
    live: {
      began: () => begun.inc(),
      ended: (outcome) => ended.inc({ outcome }),
      moved: () => moved.inc(),
    },
    sent: (seconds) => sent.observe(seconds),
    figures(read) {
      let before: Partial<HubFigures> = {}
      metrics.beforeTelling(() => {
        const { hub, ...figures } = read()
        httpStreams.set(figures.httpStreams)
        held.set(figures.heldCredentials)
        for (const what of HELD) now.with({ what }).set(hub[what])
        for (const what of DONE) done.inc({ what }, hub[what] - (before[what] ?? 0))
        before = hub
      })
    },
  }
}

const HELD = ['topics', 'subscribers', 'parked', 'waiting', 'upstreams'] as const
const DONE = [
  'events',
  'deliveries',
  'conflated',
  'reopened',
  'resumedAtHand',
  'resumedUpstream',
] as const satisfies readonly (keyof HubFigures)[]
