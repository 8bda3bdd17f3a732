import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describeMachine, pinProcessors, sharedNow, usageOf, canMeasureCpu } from '../machine/index.ts'
import { openDemoDatabases } from '../real/index.ts'
import { type RealStack, startRealStack, withComplaints } from '../real-streams/index.ts'
import type { ResumeFigures, ResumeResults } from '../report/index.ts'
import { startSubscribers, type Subscribers, type Wish } from '../streams/index.ts'
import type { ResumeOptions } from '../stream-options.ts'

type Say = (line: string) => void

/** Facts that whoever comes back may have missed, over all games. */
const FACTS = 2_000
const SPREADS = [1, 50]
const PATIENCE_MS = 20_000
const FIRST_ADDRESS = 2
/** Nobody subscribes any more for so long: what was kept for them is let go. */
const COLD_MS = 10_000
/** Postgres counts what it has read once a second. */
const COUNTED_MS = 2_000
const LOOK_MS = 250

export async function measureResume(options: ResumeOptions, say: Say): Promise<ResumeResults> {
  const pinning = pinProcessors()
  say(pinning.description)
  await using running = new AsyncDisposableStack()
  const stopped = <Started extends { stop(): Promise<void> }>(started: Started) =>
    running.adopt(started, (one) => one.stop())
  const logDirectory = await mkdtemp(path.join(tmpdir(), 'courtside-bench-'))
  running.defer(() => rm(logDirectory, { recursive: true, force: true }))
  say('Starting Postgres with the demo data, accounts, stats, the gateway and a writer …')
  const databases = stopped(await openDemoDatabases())
  const subscribers = stopped(startSubscribers(logDirectory))
  const place = { databases, logDirectory, prefix: pinning.prefix }
  const stack = stopped(await startRealStack(place, { kind: 'postgres' }))

  const rows: ResumeFigures[] = []
  for (const spread of SPREADS) {
    say(`Writing ${FACTS} facts of ${spread} games …`)
    const wishes = await withComplaints(stack, () => missed(stack, subscribers, spread, options.clients))
    await pause(COLD_MS)
    say(`${options.clients} clients come back at once …`)
    const figures = await withComplaints(stack, () => measureReturn(stack, subscribers, wishes))
    rows.push({ games: spread, ...figures })
  }
  return {
    shape: 'resume',
    date: new Date().toISOString(),
    machine: describeMachine(),
    versions: {},
    pinning: pinning.description,
    settings: { clients: options.clients, facts: FACTS },
    rows,
  }
}

interface Missed {
  readonly wishes: readonly Wish[]
  readonly heads: readonly (readonly [gameId: string, version: number])[]
  /** All facts that all of them have missed together. */
  readonly owed: number
}

/** Places in the games, evenly spread over all that was written of each. */
async function missed(
  stack: RealStack,
  subscribers: Subscribers,
  spread: number,
  clients: number,
): Promise<Missed> {
  const games = await stack.games(spread)
  await subscribers.connect({
    port: stack.port,
    feed: 'real',
    ownId: true,
    connections: spread,
    wishes: games.map(([gameId]) => ({ gameId, after: null })),
    firstAddress: FIRST_ADDRESS,
    inTurn: true,
  })
  const gameIds = games.map(([gameId]) => gameId)
  const { happened } = await stack.write({ gameIds, times: FACTS, everyMs: 0, together: 1 })
  const heads = new Map<string, number>()
  for (const [gameId, version] of happened) heads.set(gameId, Math.max(version, heads.get(gameId) ?? 0))
  const { behind, complaint } = await subscribers.settle({
    heads: [...heads],
    moments: [],
    patienceMs: PATIENCE_MS,
  })
  if (behind > 0) throw new Error(`What was written did not arrive: ${complaint ?? 'nothing came'}`)
  const places = new Map<string, Wish['after'][]>()
  for (const gameId of gameIds) {
    const cursors = await subscribers.cursors(gameId)
    places.set(
      gameId,
      [...cursors].map(([seq, cursor]) => ({ seq, cursor })),
    )
  }
  await subscribers.leave()
  let owed = 0
  const wishes = Array.from({ length: clients }, (_, index): Wish => {
    const gameId = gameIds[index % spread] ?? ''
    const ofGame = places.get(gameId) ?? []
    // All of a game one after the other, so that they are spread alike in every run.
    const after = ofGame[(Math.floor(index / spread) * 7_919) % ofGame.length] ?? null
    owed += (heads.get(gameId) ?? 0) - (after?.seq ?? 0)
    return { gameId, after }
  })
  return { wishes, heads: [...heads], owed }
}

async function measureReturn(
  stack: RealStack,
  subscribers: Subscribers,
  { wishes, heads, owed }: Missed,
): Promise<Omit<ResumeFigures, 'games'>> {
  const readBefore = await stack.factsRead()
  let residentMb = 0
  const watching = setInterval(() => {
    if (canMeasureCpu) residentMb = Math.max(residentMb, usageOf(stack.gateway.pid).residentMb)
  }, LOOK_MS)
  try {
    const begun = sharedNow()
    await subscribers.connect({
      port: stack.port,
      feed: 'real',
      ownId: true,
      connections: wishes.length,
      wishes,
      firstAddress: FIRST_ADDRESS,
      inTurn: false,
    })
    const settled = await subscribers.settle({ heads, moments: [], patienceMs: PATIENCE_MS })
    const seconds = (settled.lastMoment - begun) / 1_000
    await pause(COUNTED_MS)
    const { delivered, wrong, lost, behind, complaint } = settled
    if (wrong > 0) throw new Error(`What is delivered is wrong: ${complaint}`)
    return {
      seconds,
      delivered,
      undelivered: owed - delivered,
      lost,
      behind,
      complaint,
      factsPerSecond: delivered / seconds,
      factsRead: (await stack.factsRead()) - readBefore,
      residentMb: canMeasureCpu ? residentMb : null,
    }
  } finally {
    clearInterval(watching)
    await subscribers.leave()
  }
}
