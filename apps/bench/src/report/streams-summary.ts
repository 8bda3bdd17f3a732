import { type EntrantName, ENTRANT_NAMES } from '../fanout/contenders.ts'
import { figuresOf } from './fanout-report.ts'
import type { FanoutResults, FanoutSize } from './results.ts'

/** For programs: CPU a message in microseconds and the slowest hundredth; null for what was not, or could not be, measured. */
export function summarizeFanout({ sizes, upstreamsOfIdentical }: FanoutResults) {
  const summaries = Object.entries(sizes).map(([clients, size]) => [clients, summarizeSize(size)] as const)
  return { fanout: { ...Object.fromEntries(summaries), upstreamsOf100: upstreamsOfIdentical } }
}

function summarizeSize({ peerRate, outcomes }: FanoutSize): Record<string, number | null> {
  const of = (name: EntrantName, way: 'steady' | 'burst' | 'atPeerRate') => figuresOf(outcomes[name], way)
  const isPeer = (name: EntrantName) => name === 'naive' || name.startsWith('hive')
  const cpus = ENTRANT_NAMES.map(
    (name) => [`${name}Us`, of(name, isPeer(name) ? 'atPeerRate' : 'steady')?.cpuUs ?? null] as const,
  )
  return {
    ...Object.fromEntries(cpus),
    burstOursUs: of('ours', 'burst')?.cpuUs ?? null,
    burstOursInProcessUs: of('oursInProcess', 'burst')?.cpuUs ?? null,
    burstRawUs: of('raw', 'burst')?.cpuUs ?? null,
    oursAtPeerRateUs: of('ours', 'atPeerRate')?.cpuUs ?? null,
    peerRate,
    oursP99Ms: of('ours', 'steady')?.p99Ms ?? null,
    rawP99Ms: of('raw', 'steady')?.p99Ms ?? null,
    burstOursP99Ms: of('ours', 'burst')?.p99Ms ?? null,
    oursUndelivered: of('ours', 'steady')?.undelivered ?? null,
  }
}
