import type { Metrics } from '@courtside/http'
import type { BusState } from '../bus/index.ts'
import type { StreamHub } from '../hub/index.ts'

type Figures = ReturnType<StreamHub['figures']>
type Total = {
  [Name in keyof Figures]: Name extends 'streams' | 'subscribers' | 'parked' ? never : Name
}[keyof Figures]

/** What can be told of one log in this process. */
export interface LogFigures {
  hub(): Figures
  bus(): BusState
  /** Facts that retention has removed, since this process began. */
  removed(): number
}

/** The metrics of every log in this process. Made once, because their names are. */
export interface StreamMetrics {
  /** From now on the log of this name is told of too. */
  observe(name: string, figures: LogFigures): void
}

export function createStreamMetrics(metrics: Metrics): StreamMetrics {
  const counter = (name: string, help: string) => metrics.counter(name, help, ['log'])
  const gauge = (name: string, help: string) => metrics.gauge(name, help, ['log'])

  const totals: Record<Total, ReturnType<typeof counter>> = {
    facts: counter('courtside_streams_facts_total', 'Facts that came in order, by hint or from the log.'),
    duplicates: counter('courtside_streams_duplicate_hints_total', 'Hints of facts that were known already.'),
    gapsRead: counter(
      'courtside_streams_gaps_read_total',
      'Times that the log was read because a fact was missing.',
    ),
    foundBySweep: counter(
      'courtside_streams_found_by_sweep_total',
      'Missing facts of which no hint had told.',
    ),
    pagesRead: counter('courtside_streams_pages_read_total', 'Pages of the log that were read.'),
    resets: counter(
      'courtside_streams_resets_total',
      'Streams that began anew because their log had gone back.',
    ),
    readFailures: counter(
      'courtside_streams_read_failures_total',
      'Readings of the log that failed, and were tried again.',
    ),
    listenerFailures: counter(
      'courtside_streams_listener_failures_total',
      'Readers of streams that failed, and are told no more.',
    ),
  }
  const removed = counter('courtside_streams_removed_facts_total', 'Facts that retention has removed.')
  const streams = gauge('courtside_streams_followed', 'Streams that somebody reads, or read a minute ago.')
  const subscribers = gauge('courtside_streams_subscribers', 'Readers of streams.')
  const parked = gauge('courtside_streams_parked', 'Readers of streams that are slower than their stream.')
  const busUp = gauge('courtside_streams_bus_up', 'Whether hints of other processes arrive: 1 or 0.')

  return {
    observe(name, read) {
      const labels = { log: name }
      const counted = Object.entries(totals).map(([total, metric]) => {
        const series = metric.with(labels)
        let told = 0
        return (figures: Figures) => {
          const now = figures[total as Total]
          series.inc(now - told)
          told = now
        }
      })
      let removedTold = 0
      metrics.beforeTelling(() => {
        const figures = read.hub()
        for (const count of counted) count(figures)
        const removedNow = read.removed()
        removed.inc(labels, removedNow - removedTold)
        removedTold = removedNow
        streams.with(labels).set(figures.streams)
        subscribers.with(labels).set(figures.subscribers)
        parked.with(labels).set(figures.parked)
        busUp.with(labels).set(read.bus().status === 'up' ? 1 : 0)
      })
    },
  }
}
