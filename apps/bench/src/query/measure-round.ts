import type { HttpRequest, LoadGenerator, LoadResult } from '../load/index.ts'
import { canMeasureCpu, usageOf } from '../machine/index.ts'
import { median } from '../median.ts'
import type { Figures } from '../report/index.ts'
import { type Contender, ContenderFault } from './contender.ts'
import type { Stubs } from './stubs.ts'

export const CONNECTIONS = 32
const PATIENCE_SECONDS = 10

/** What some seconds of load on one gateway showed. */
export interface Round {
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

/** Throws `ContenderFault` when the gateway has ended, or does not answer every request. */
export async function measureRound(
  { load, stubs }: Bench,
  contender: Pick<Contender, 'pid' | 'url' | 'ended'>,
  requests: readonly HttpRequest[],
  seconds: number,
): Promise<Round> {
  const { pid, url } = contender
  assertRunning(contender)
  const callsBefore = await stubs.calls()
  const before = canMeasureCpu ? usageOf(pid) : null
  const begun = performance.now()
  const send = (length: number) => load.send({ url, requests, connections: CONNECTIONS, seconds: length })
  let sent = await send(seconds)
  // On a machine that is busy with other things a second can pass without an answer.
  if (sent.answered + sent.failed === 0) sent = await send(PATIENCE_SECONDS)
  const wallMs = performance.now() - begun
  assertRunning(contender)
  if (sent.answered === 0 || sent.failed > 0) throw new ContenderFault(faultUnderLoad(sent))
  const after = canMeasureCpu ? usageOf(pid) : null
  const calls = (await stubs.calls()) - callsBefore

  const cpuMs = before && after && after.cpuMs - before.cpuMs
  return {
    cpuUs: cpuMs && (cpuMs * 1_000) / sent.answered,
    busyPercent: cpuMs && (cpuMs / wallMs) * 100,
    requestsPerSecond: sent.answered / sent.seconds,
    p50Ms: sent.p50Ms,
    p99Ms: sent.p99Ms,
    callsPerRequest: calls / sent.answered,
    residentMb: after && after.residentMb,
  }
}

function faultUnderLoad({ answered, failed, complaint }: LoadResult): string {
  if (failed === 0) return 'under load it answers nothing'
  return `under load ${failed} of ${answered + failed} requests fail: ${complaint ?? 'their status is not 2xx'}`
}

function assertRunning({ ended }: Pick<Contender, 'ended'>): void {
  const lastWords = ended()
  if (lastWords !== null) throw new ContenderFault(lastWords)
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
