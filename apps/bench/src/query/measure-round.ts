import type { HttpRequest, LoadGenerator } from '../load/index.ts'
import { canMeasureCpu, usageOf } from '../machine/index.ts'
import { median } from '../median.ts'
import type { Figures } from '../report/index.ts'
import type { Contender } from './contender.ts'
import type { Stubs } from './stubs.ts'

export const CONNECTIONS = 32

/** One gateway under load for some seconds. */
export interface Round {
  answered: number
  failed: number
  cpuUs: number | null
  busyPercent: number | null
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
  callsPerRequest: number
  residentMb: number | null
}

export interface Bench {
  load: LoadGenerator
  stubs: Pick<Stubs, 'calls'>
}

export async function measureRound(
  { load, stubs }: Bench,
  { pid, url }: Pick<Contender, 'pid' | 'url'>,
  requests: readonly HttpRequest[],
  seconds: number,
): Promise<Round> {
  const callsBefore = await stubs.calls()
  const before = canMeasureCpu ? usageOf(pid) : null
  const begun = performance.now()
  const sent = await load.send({ url, requests, connections: CONNECTIONS, seconds })
  const wallMs = performance.now() - begun
  const after = canMeasureCpu ? usageOf(pid) : null
  const calls = (await stubs.calls()) - callsBefore

  const cpuMs = before && after && after.cpuMs - before.cpuMs
  // Without a single answer there is nothing to divide by; the failures say what happened.
  const answered = Math.max(1, sent.answered)
  return {
    answered: sent.answered,
    failed: sent.failed,
    cpuUs: cpuMs && (cpuMs * 1_000) / answered,
    busyPercent: cpuMs && (cpuMs / wallMs) * 100,
    requestsPerSecond: sent.answered / sent.seconds,
    p50Ms: sent.p50Ms,
    p99Ms: sent.p99Ms,
    callsPerRequest: calls / answered,
    residentMb: after && after.residentMb,
  }
}

/** Processor time for each request, or time itself where nothing tells it: for comparing rounds with each other. */
export const costOf = ({ cpuUs, requestsPerSecond }: Pick<Round, 'cpuUs' | 'requestsPerSecond'>) =>
  cpuUs ?? 1 / requestsPerSecond

/** Medians of the rounds; the least processor time, and the memory after the last one. */
export function toFigures(rounds: readonly Round[]): Figures {
  const middle = (pick: (round: Round) => number) => median(rounds.map(pick))
  const cpus = rounds.flatMap(({ cpuUs }) => (cpuUs === null ? [] : [cpuUs]))
  const busy = rounds.flatMap(({ busyPercent }) => (busyPercent === null ? [] : [busyPercent]))
  return {
    cpuUs: cpus.length > 0 ? median(cpus) : null,
    leastCpuUs: cpus.length > 0 ? Math.min(...cpus) : null,
    requestsPerSecond: middle(({ requestsPerSecond }) => requestsPerSecond),
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p99Ms: middle(({ p99Ms }) => p99Ms),
    busyPercent: busy.length > 0 ? median(busy) : null,
    callsPerRequest: middle(({ callsPerRequest }) => callsPerRequest),
    residentMb: rounds.at(-1)?.residentMb ?? null,
  }
}
