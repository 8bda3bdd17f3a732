import { type EntrantName, ENTRANT_NAMES } from '../fanout/index.ts'
import { figuresOf } from './fanout-report.ts'
import type {
  FanoutResults,
  FanoutSize,
  HoldResults,
  LatencyFigures,
  LatencyResults,
  ResumeResults,
} from './results.ts'

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

/** For programs: milliseconds from commit to client. */
export function summarizeLatency({ postgres, redis }: LatencyResults) {
  const summary = ({ ours, raw }: LatencyFigures) => ({
    p50: ours.p50Ms,
    p95: ours.p95Ms,
    p99: ours.p99Ms,
    rawP99: raw.p99Ms,
    undelivered: ours.undelivered,
  })
  return { latency: { postgres: summary(postgres), redis: redis && summary(redis) } }
}

/** For programs: of one game, and what the others add by the number of their games. */
export function summarizeResume({ settings, rows }: ResumeResults) {
  const summaries = rows.map(({ games, seconds, factsPerSecond, undelivered, factsRead, residentMb }) => ({
    games,
    ...{ seconds, factsPerSecond, undelivered, factsRead, residentMb },
  }))
  const [first, ...others] = summaries
  return { resume: { clients: settings.clients, ...first, others } }
}

/** For programs: megabytes. */
export function summarizeHold({ settings, heldMb, minutesMb, slopeMbPerHour }: HoldResults) {
  const { subscriptions, sockets } = settings
  return {
    hold: { subscriptions, sockets, heldMb, mostMb: Math.max(heldMb, ...minutesMb), slopeMbPerHour },
  }
}
