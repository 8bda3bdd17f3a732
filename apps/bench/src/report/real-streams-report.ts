import { markdownTable } from './markdown-table.ts'
import type { HoldResults, Latencies, LatencyResults, ResumeResults } from './results.ts'

const milliseconds = (figure: number | null) => figure?.toFixed(1) ?? ''
const megabytes = (figure: number | null) => figure?.toFixed(0) ?? ''

export function reportLatency({ settings, postgres, redis }: LatencyResults): string {
  const row = (title: string, latencies: Latencies) => [
    title,
    ...[latencies.p50Ms, latencies.p95Ms, latencies.p99Ms, latencies.worstMs].map(milliseconds),
    String(latencies.undelivered),
  ]
  const rows = [
    row('ours, hints over Postgres', postgres.ours),
    row('a plain server on the same bus', postgres.raw),
    ...(redis
      ? [row('ours, hints over Redis', redis.ours), row('a plain server on the same bus', redis.raw)]
      : []),
  ]
  const table = markdownTable(['', 'p50 ms', 'p95 ms', 'p99 ms', 'worst ms', 'undelivered'], rows)
  const { clients, games, factsPerSecond } = settings
  const title = `From commit to client: ${clients.toLocaleString('en')} clients over ${games} games, ${factsPerSecond} facts a second`
  const absent = redis ? [] : ['Redis is not installed on this machine, so it was not measured.']
  return [title, table, ...absent].join('\n\n')
}

export function reportResume({ settings, rows }: ResumeResults): string {
  const title = `${settings.clients.toLocaleString('en')} clients come back at once, to places spread over the last ${settings.facts.toLocaleString('en')} facts`
  const table = markdownTable(
    [
      'the facts are of',
      'seconds until all have all',
      'facts/s',
      'facts delivered',
      'undelivered',
      'connections lost',
      'rows read by Postgres',
      'gateway RSS MB',
    ],
    rows.map((row) => [
      row.games === 1 ? 'one game' : `${row.games} games`,
      row.seconds.toFixed(1),
      row.factsPerSecond.toFixed(0),
      String(row.delivered),
      String(row.undelivered),
      String(row.lost),
      String(row.factsRead),
      megabytes(row.residentMb),
    ]),
  )
  return [title, table].join('\n\n')
}

export function reportHold({ settings, idleMb, heldMb, minutesMb, slopeMbPerHour }: HoldResults): string {
  const { subscriptions, sockets, games, eventsPerSecond, churnPerMinute, minutes } = settings
  const title = `${subscriptions.toLocaleString('en')} subscriptions over ${sockets.toLocaleString('en')} connections, ${games} games, ${eventsPerSecond} events a second; ${churnPerMinute * 100} % of the connections are replaced each minute`
  const table = markdownTable(
    ['', 'gateway RSS MB'],
    [
      ['before anybody connects', megabytes(idleMb)],
      ['with all open', megabytes(heldMb)],
      [`the most in ${minutes} minutes`, megabytes(Math.max(heldMb, ...minutesMb))],
      ['at the end', megabytes(minutesMb.at(-1) ?? null)],
      ['growth an hour, over the second half', megabytes(slopeMbPerHour)],
    ],
  )
  const course = `Minute by minute: ${minutesMb.map(megabytes).join(' ')} MB.`
  return [title, table, course].join('\n\n')
}
