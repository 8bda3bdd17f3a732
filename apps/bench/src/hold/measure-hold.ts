import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { StartupError } from '@courtside/kernel'
import {
  composeSupergraph,
  createGameUpdates,
  games,
  signIn,
  subgraphsWithEventsAndIdentity,
} from '../domain/index.ts'
import { startContender } from '../fanout/index.ts'
import { canMeasureCpu, describeMachine, pinProcessors, usageOf } from '../machine/index.ts'
import type { HoldResults } from '../report/index.ts'
import { type Happened, happenIn, startEventSource, startSubscribers, type Wish } from '../streams/index.ts'
import type { HoldOptions } from '../stream-options.ts'
import { slope } from './slope.ts'

type Say = (line: string) => void

const GAMES = 50
const EVENTS_A_SECOND = 5
const CHURN_A_MINUTE = 0.05
const CHURN_STEPS = 10
const MINUTE_MS = 60_000
const PATIENCE_MS = 5_000
/** The gateway has other files open than connections. */
const OTHER_FILES = 300
/** What is only needed to connect everybody is collected within this time. */
const SETTLED_MS = 15_000

export async function measureHold(options: HoldOptions, say: Say): Promise<HoldResults> {
  if (!canMeasureCpu) throw new StartupError('Only Linux tells the memory of another process.')
  const pinning = pinProcessors()
  say(pinning.description)
  await using running = new AsyncDisposableStack()
  const stopped = <Started extends { stop(): Promise<void> }>(started: Started) =>
    running.adopt(started, (one) => one.stop())
  const directory = await mkdtemp(path.join(tmpdir(), 'courtside-bench-'))
  running.defer(() => rm(directory, { recursive: true, force: true }))
  const { signingKey } = await signIn()
  const source = stopped(await startEventSource(signingKey, directory))
  const { addresses } = source
  const supergraphFile = path.join(directory, 'supergraph.graphql')
  const graph = subgraphsWithEventsAndIdentity(createGameUpdates(), signingKey)
  await writeFile(supergraphFile, composeSupergraph(graph, addresses))
  const setting = { supergraphFile, supergraphWithIdentityFile: supergraphFile, addresses, signingKey }
  const gateway = stopped(await startContender('ours', setting, { logDirectory: directory, ...pinning }))
  const residentMb = () => usageOf(gateway.program.pid).residentMb
  const idleMb = residentMb()

  const gameIds = [...games.keys()].slice(0, GAMES)
  const sockets = Math.min(options.subscriptions, openFilesAllowed() - OTHER_FILES)
  if (sockets < options.subscriptions) {
    say(
      `This machine allows a process ${openFilesAllowed()} open files: ${options.subscriptions} subscriptions over ${sockets} connections.`,
    )
  }
  const wishes = Array.from({ length: options.subscriptions }, (_, index): Wish => ({
    gameId: gameIds[index % GAMES] ?? '',
    after: null,
  }))
  const crowds = [0, 1].map((half) => {
    const subscribers = stopped(startSubscribers(directory, `subscribers-${half}`))
    const connections = half === 0 ? Math.ceil(sockets / 2) : Math.floor(sockets / 2)
    return { subscribers, connections, half }
  })
  say(`Opening ${options.subscriptions} subscriptions of ${GAMES} games …`)
  await Promise.all(
    crowds.map(({ subscribers, connections, half }) =>
      subscribers.connect({
        port: gateway.port,
        feed: 'domain',
        ownId: true,
        connections,
        wishes: wishes.filter((_, index) => index % 2 === half),
        firstAddress: 2 + half * 10,
        inTurn: true,
      }),
    ),
  )
  await pause(SETTLED_MS)
  const heldMb = residentMb()
  say(`${heldMb.toFixed(0)} MB resident, ${idleMb.toFixed(0)} MB before`)

  const minutes: number[] = []
  for (let minute = 1; minute <= options.minutes; minute++) {
    const happening = happenIn(source.program, {
      gameIds,
      times: (EVENTS_A_SECOND * MINUTE_MS) / 1_000,
      everyMs: 1_000 / EVENTS_A_SECOND,
      together: 1,
    })
    for (let step = 0; step < CHURN_STEPS; step++) {
      await Promise.all(crowds.map(({ subscribers }) => subscribers.churn(CHURN_A_MINUTE / CHURN_STEPS)))
      await pause(MINUTE_MS / CHURN_STEPS)
    }
    const { happened } = await happening
    const settled = await Promise.all(
      crowds.map(({ subscribers }) =>
        subscribers.settle({ heads: headsOf(happened), moments: happened, patienceMs: PATIENCE_MS }),
      ),
    )
    for (const { wrong, behind, lost, complaint } of settled) {
      if (wrong + behind + lost > 0) {
        throw new Error(
          `Minute ${minute}: ${wrong} wrong, ${behind} behind, ${lost} lost: ${complaint ?? ''}`,
        )
      }
    }
    minutes.push(residentMb())
    say(`Minute ${minute} of ${options.minutes}: ${residentMb().toFixed(0)} MB`)
  }
  return {
    shape: 'hold',
    date: new Date().toISOString(),
    machine: describeMachine(),
    versions: {},
    pinning: pinning.description,
    settings: {
      subscriptions: options.subscriptions,
      sockets,
      games: GAMES,
      eventsPerSecond: EVENTS_A_SECOND,
      churnPerMinute: CHURN_A_MINUTE,
      minutes: options.minutes,
    },
    idleMb,
    heldMb,
    minutesMb: minutes,
    // The first half is for whatever grows once.
    slopeMbPerHour: toHourly(slope(minutes.slice(Math.floor(minutes.length / 2)))),
  }
}

const toHourly = (perMinute: number | null) => (perMinute === null ? null : perMinute * 60)

function headsOf(happened: Happened): (readonly [string, number])[] {
  const heads = new Map<string, number>()
  for (const [gameId, seq] of happened) heads.set(gameId, seq)
  return [...heads]
}

/** Of one process here. Node raises its own limit to what it may. */
function openFilesAllowed(): number {
  const { userLimits } = process.report.getReport() as Report
  const { hard } = userLimits.open_files
  return hard === 'unlimited' ? Infinity : Number(hard)
}

interface Report {
  userLimits: { open_files: { hard: number | string } }
}
