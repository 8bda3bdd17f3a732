import type { Metrics } from '@courtside/http'
import type { FeedObserver } from './feed.ts'

/** The metrics of every feed in this process. Made once, because their names are. */
export function createFeedMetrics(metrics: Metrics): (feed: string) => FeedObserver {
  const labels = ['feed'] as const
  const active = metrics.gauge(
    'courtside_feeds_active',
    'Whether this process is the one that consumes: 1 or 0.',
    labels,
  )
  const lag = metrics.gauge(
    'courtside_feeds_lag_seconds',
    'How old the last fact was when it had its effect.',
    labels,
  )
  const facts = metrics.counter('courtside_feeds_facts_total', 'Facts that have had their effect.', labels)
  const failures = metrics.counter('courtside_feeds_failures_total', 'Attempts that failed.', labels)
  const putAside = metrics.counter('courtside_feeds_put_aside_total', 'Facts that were put aside.', labels)
  const missed = metrics.counter(
    'courtside_feeds_missed_total',
    'Times that facts were removed before the feed had read them.',
    labels,
  )
  const restarts = metrics.counter(
    'courtside_feeds_restarts_total',
    'Times that a feed began anew because its log was restored.',
    labels,
  )
  return (feed) => ({
    active: (isActive) => active.with({ feed }).set(isActive ? 1 : 0),
    consumed(count, lagMs) {
      facts.inc({ feed }, count)
      lag.with({ feed }).set(lagMs / 1000)
    },
    failed: () => failures.inc({ feed }),
    putAside: () => putAside.inc({ feed }),
    missed: () => missed.inc({ feed }),
    restored: () => restarts.inc({ feed }),
  })
}
