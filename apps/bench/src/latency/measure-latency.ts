import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describeMachine, pinProcessors } from '../machine/index.ts'
import { type RealStack, startRealStack, startRedis, withComplaints } from '../real-streams/index.ts'
import { openDemoDatabases } from '../real/index.ts'
import type { LatencyFigures, LatencyResults, Latencies } from '../report/index.ts'
import { startSubscribers, type Subscribers } from '../streams/index.ts'
import type { LatencyOptions } from '../stream-options.ts'

type Say = (line: string) => void

const GAMES = 20
const FACTS_A_SECOND = 50
const WARM_UP_SECONDS = 5
const PATIENCE_MS = 5_000
const FIRST_ADDRESS = 2

export async function measureLatency(options: LatencyOptions, say: Say): Promise<LatencyResults> {
  const pinning = pinProcessors()
  say(pinning.description)
  await using running = new AsyncDisposableStack()
  const stopped = <Started extends { stop(): Promise<void> }>(started: Started) =>
    running.adopt(started, (one) => one.stop())
  const logDirectory = await mkdtemp(path.join(tmpdir(), 'courtside-bench-'))
  running.defer(() => rm(logDirectory, { recursive: true, force: true }))
  say('Starting Postgres with the demo data …')
  const databases = stopped(await openDemoDatabases())
  const subscribers = stopped(startSubscribers(logDirectory))
  const place = { databases, logDirectory, prefix: pinning.prefix }

  const postgres = await measureBus(place, { kind: 'postgres' }, subscribers, options, say)
  const redis = await startRedis()
  if (redis) stopped(redis)
  else
    say(
      'redis-server is not installed here: the bus over Redis is not measured. apt-get install redis-server',
    )
  return {
    shape: 'latency',
    date: new Date().toISOString(),
    machine: describeMachine(),
    versions: {},
    pinning: pinning.description,
    settings: {
      seconds: options.seconds,
      clients: options.clients,
      games: GAMES,
      factsPerSecond: FACTS_A_SECOND,
    },
    postgres,
    redis: redis && (await measureBus(place, { kind: 'redis', url: redis.url }, subscribers, options, say)),
  }
}

async function measureBus(
  place: Parameters<typeof startRealStack>[0],
  bus: Parameters<typeof startRealStack>[1],
  subscribers: Subscribers,
  options: LatencyOptions,
  say: Say,
): Promise<LatencyFigures> {
  say(`Starting accounts, stats, the gateway and a writer, with hints over ${bus.kind} …`)
  await using running = new AsyncDisposableStack()
  const stack = running.adopt(await startRealStack(place, bus), (one) => one.stop())
  const games = await stack.games(GAMES)
  const raw = running.adopt(await stack.startRaw(games), (one) => one.stop())
  say(`${options.seconds} s of ours, then of a plain server on the same bus …`)
  return await withComplaints(stack, async () => ({
    ours: await measureOne(stack, stack.port, true, subscribers, games, options),
    raw: await measureOne(stack, raw.port, false, subscribers, games, options),
  }))
}

async function measureOne(
  stack: RealStack,
  port: number,
  ownId: boolean,
  subscribers: Subscribers,
  games: Awaited<ReturnType<RealStack['games']>>,
  { seconds, clients }: LatencyOptions,
): Promise<Latencies> {
  const gameIds = games.map(([gameId]) => gameId)
  await subscribers.connect({
    port,
    feed: 'real',
    ownId,
    connections: clients,
    wishes: Array.from({ length: clients }, (_, index) => ({
      gameId: gameIds[index % gameIds.length] ?? '',
      after: null,
    })),
    firstAddress: FIRST_ADDRESS,
    inTurn: true,
  })
  const write = async (length: number) => {
    const happening = {
      gameIds,
      times: FACTS_A_SECOND * length,
      everyMs: 1_000 / FACTS_A_SECOND,
      together: 1,
    }
    const { happened, slowestMs } = await stack.write(happening)
    const heads = new Map<string, number>()
    for (const [gameId, version] of happened) {
      heads.set(gameId, Math.max(version, heads.get(gameId) ?? 0))
    }
    const settled = await subscribers.settle({
      heads: [...heads],
      moments: happened,
      patienceMs: PATIENCE_MS,
    })
    return { settled, slowestMs, expected: (happened.length * clients) / gameIds.length }
  }
  try {
    await write(WARM_UP_SECONDS)
    const { settled, slowestMs, expected } = await write(seconds)
    if (settled.wrong > 0) throw new Error(`What is delivered is wrong: ${settled.complaint}`)
    const { p50Ms, p95Ms, p99Ms, worstMs, delivered } = settled
    return { p50Ms, p95Ms, p99Ms, worstMs, delivered, undelivered: expected - delivered, slowestMs }
  } finally {
    await subscribers.leave()
  }
}
