import { type EntrantName, ENTRANT_NAMES, ENTRANTS } from '../fanout/index.ts'
import { markdownTable } from './markdown-table.ts'
import type { FanoutFigures, FanoutOutcome, FanoutResults, FanoutSize } from './results.ts'

type Way = 'steady' | 'burst' | 'atPeerRate'

const FIGURES = ['CPU µs/message', 'best round', 'p50 ms', 'p99 ms', 'undelivered', 'RSS MB']

/** For each number of clients: a table for each way in which events come, and what those say that fail. */
export function reportFanout({ sizes, identical, upstreamsOfIdentical }: FanoutResults): string {
  const upstreams = Object.entries(upstreamsOfIdentical)
    .map(([name, count]) => `${ENTRANTS[name as EntrantName].title} ${count}`)
    .join(', ')
  return [
    ...Object.entries(sizes).flatMap(([clients, size]) => reportSize(Number(clients), size)),
    `Subscriptions at the subgraph for ${identical} identical clients: ${upstreams}.`,
  ].join('\n\n')
}

export function reportSize(clients: number, size: FanoutSize): string[] {
  const { fullRate, outcomes } = size
  const table = (way: Way, base: EntrantName, head: string) => {
    const rows = ENTRANT_NAMES.flatMap((name) => {
      const figures = figuresOf(outcomes[name], way)
      if (!figures) return []
      const rate = way === 'atPeerRate' ? [String(rateOf(outcomes[name]))] : []
      return [
        [ENTRANTS[name].title, ...rate, ratio(figures, figuresOf(outcomes[base], way)), ...cells(figures)],
      ]
    })
    const heads = ['', ...(way === 'atPeerRate' ? ['events/s'] : []), head, ...FIGURES]
    return rows.length > 0 ? [markdownTable(heads, rows)] : []
  }
  const titled = (title: string, tables: string[]) => (tables.length > 0 ? [title, ...tables] : [])
  const faults = ENTRANT_NAMES.flatMap((name) => {
    const outcome = outcomes[name]
    return outcome && 'fault' in outcome ? [`${ENTRANTS[name].title} fails here: ${outcome.fault}`] : []
  })
  const many = clients.toLocaleString('en')
  return [
    ...titled(
      `${many} clients, ${fullRate} events a second`,
      table('steady', 'raw', '× the CPU of raw `ws`'),
    ),
    ...titled(`${many} clients, 20 events at once`, table('burst', 'raw', '× the CPU of raw `ws`')),
    ...titled(
      `${many} clients, as many events as the peers keep up with`,
      table('atPeerRate', 'ours', '× the CPU of ours'),
    ),
    ...faults,
  ]
}

export function figuresOf(outcome: FanoutOutcome | undefined, way: Way): FanoutFigures | null {
  return outcome && !('fault' in outcome) ? outcome[way] : null
}

const rateOf = (outcome: FanoutOutcome | undefined) =>
  outcome && !('fault' in outcome) ? (outcome.rate ?? '') : ''

function ratio({ cpuUs }: FanoutFigures, base: FanoutFigures | null): string {
  return cpuUs === null || !base?.cpuUs ? '' : (cpuUs / base.cpuUs).toFixed(2)
}

function cells({ cpuUs, leastCpuUs, p50Ms, p99Ms, undelivered, residentMb }: FanoutFigures): string[] {
  return [
    cpuUs?.toFixed(2) ?? '',
    leastCpuUs?.toFixed(2) ?? '',
    p50Ms?.toFixed(1) ?? '',
    p99Ms?.toFixed(1) ?? '',
    String(undelivered),
    residentMb?.toFixed(0) ?? '',
  ]
}
