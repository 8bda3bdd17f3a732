import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Pool } from 'undici'
import { installPeers, peerVersions } from '../installed-peers.ts'
import {
  type HttpRequest,
  type LoadGenerator,
  sendOnSchedule,
  startLoadGenerator,
  warmUp,
} from '../load/index.ts'
import { canMeasureCpu, describeMachine, pinProcessors, usageOf } from '../machine/index.ts'
import { median } from '../median.ts'
import { percentile } from '../percentile.ts'
import { faultOf, type QueryOptions } from '../query/index.ts'
import type { Percentiles, RealFigures, RealResults } from '../report/index.ts'
import { accessToken } from './access-token.ts'
import { openDemoDatabases } from './databases.ts'
import { pageRequests } from './pages.ts'
import { startOurs, startPlain, type System } from './systems.ts'

const CONNECTIONS = 32
const SCHEDULED = { perSecond: 200, seconds: 15 }

export async function measureReal(
  { rounds, seconds }: Pick<QueryOptions, 'rounds' | 'seconds'>,
  say: (line: string) => void,
): Promise<RealResults> {
  await installPeers(say)
  const pinning = pinProcessors()
  say(pinning.description)
  await using running = new AsyncDisposableStack()
  const stopped = <Started extends { stop(): Promise<void> }>(started: Started) =>
    running.adopt(started, (one) => one.stop())
  const logDirectory = await mkdtemp(path.join(tmpdir(), 'courtside-bench-'))
  running.defer(() => rm(logDirectory, { recursive: true, force: true }))

  say('Starting Postgres with the demo data …')
  const databases = stopped(await openDemoDatabases())
  const load = stopped(startLoadGenerator(logDirectory))
  const session = await databases.openSession()
  const place = { databases, logDirectory, prefix: pinning.prefix }
  say('Starting the platform …')
  const accountsSecret = randomBytes(32).toString('base64url')
  const ours = stopped(await startOurs(place, { accountsSecret, remembers: true }))
  const forgetful = stopped(await startOurs(place, { accountsSecret, remembers: false }))
  say('Starting plain Apollo and the subgraphs behind it …')
  const plain = stopped(await startPlain(place, session.userId))

  const requests = pageRequests(await accessToken(ours.url, session.refreshToken))
  for (const system of [ours, forgetful]) {
    const fault = await faultOf(asking(system), asking(plain), requests)
    if (fault !== null) throw new Error(`Ours does not answer as plain Apollo does: ${fault}`)
  }

  say('Warming up …')
  const turn = (system: System, length: number) => measureTurn(load, system, requests, length)
  for (const system of [plain, ours, forgetful]) {
    await warmUp(async (length) => 1 / (await turn(system, length)).requestsPerSecond)
  }
  const turns: Record<'plain' | 'ours' | 'forgetful', Turn[]> = { plain: [], ours: [], forgetful: [] }
  for (let round = 1; round <= rounds; round++) {
    say(`Round ${round} of ${rounds} …`)
    turns.plain.push(await turn(plain, seconds))
    turns.ours.push(await turn(ours, seconds))
    turns.forgetful.push(await turn(forgetful, seconds))
  }
  say(`${SCHEDULED.perSecond} requests a second for ${SCHEDULED.seconds} s each …`)
  return {
    shape: 'real',
    date: new Date().toISOString(),
    machine: describeMachine(),
    versions: peerVersions(),
    pinning: pinning.description,
    settings: { rounds, seconds, connections: CONNECTIONS },
    plain: await toFigures(plain, turns.plain, turn, requests),
    ours: await toFigures(ours, turns.ours, turn, requests),
    oursForgetful: await toFigures(forgetful, turns.forgetful, turn, requests),
  }
}

const asking = ({ url }: System) => ({
  async ask({ headers, body }: HttpRequest) {
    const response = await fetch(url, { method: 'POST', headers, body })
    return { status: response.status, text: await response.text() }
  },
})

/** One system under load for some seconds. */
interface Turn {
  requestsPerSecond: number
  cpuUs: number | null
}

async function measureTurn(
  load: LoadGenerator,
  { url, pids }: System,
  requests: readonly HttpRequest[],
  seconds: number,
): Promise<Turn> {
  const cpuMs = () => pids.map(usageOf).reduce((sum, usage) => sum + usage.cpuMs, 0)
  const before = canMeasureCpu ? cpuMs() : null
  const sent = await load.send({ url, requests, connections: CONNECTIONS, seconds })
  if (sent.answered === 0 || sent.failed > 0) {
    throw new Error(`Under load ${sent.failed} requests to ${url} failed: ${sent.complaint ?? ''}`)
  }
  return {
    requestsPerSecond: sent.answered / sent.seconds,
    cpuUs: before === null ? null : ((cpuMs() - before) * 1_000) / sent.answered,
  }
}

async function toFigures(
  system: System,
  turns: readonly Turn[],
  wake: (system: System, seconds: number) => Promise<Turn>,
  requests: readonly HttpRequest[],
): Promise<RealFigures> {
  const requestsPerSecond = median(turns.map((turn) => turn.requestsPerSecond))
  // It has been idle during the turn of the other, and has let go of connections to Postgres.
  await wake(system, 2)
  const cpus = turns.flatMap(({ cpuUs }) => (cpuUs === null ? [] : [cpuUs]))
  return {
    requestsPerSecond,
    cpuUs: cpus.length > 0 ? median(cpus) : null,
    // More than it can answer would only measure how long the line of those who wait becomes.
    at200: requestsPerSecond > SCHEDULED.perSecond ? await onSchedule(system, requests) : null,
  }
}

async function onSchedule({ url }: System, requests: readonly HttpRequest[]): Promise<Percentiles> {
  const pool = new Pool(new URL(url).origin, { connections: CONNECTIONS })
  try {
    const latencies = await sendOnSchedule({
      ...SCHEDULED,
      async send(index) {
        const request = requests[index % requests.length]
        const { statusCode, body } = await pool.request({ path: '/graphql', method: 'POST', ...request })
        await body.dump({ limit: Infinity })
        if (statusCode !== 200) throw new Error(`A request on schedule was answered with ${statusCode}`)
      },
    })
    return {
      p50Ms: percentile(latencies, 50),
      p95Ms: percentile(latencies, 95),
      p99Ms: percentile(latencies, 99),
    }
  } finally {
    await pool.close()
  }
}
