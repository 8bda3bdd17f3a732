import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { workspaceRoot } from '@courtside/database/migrate'
import { residentBytes } from '../topology/index.ts'
import { DEAF } from './bus-faults/index.ts'
import { FAULTS, type Lane, LANES, spread } from './faults/index.ts'
import { checkHistory, type Loss, type Violation } from './history/index.ts'
import { readLog } from './read-log.ts'
import type { ReaderFigures } from './readers/index.ts'
import type { PlannedFault } from './schedule/index.ts'
import { createSeededRandom } from './seeded-random.ts'
import { setStage, type Stage } from './stage.ts'

export interface ChaosOptions {
  seed: number
  plan: readonly PlannedFault[]
  /** Default: 100. */
  readers?: number
  /** Default: 8. */
  games?: number
  say(line: string): void
}

export interface ChaosFigures {
  writes: number
  facts: number
  deliveries: number
  reconnects: number
  gaps: number
  /** Events that came without what accounts tells. */
  partial: number
  maxLagMs: number
  largestProcessMb: number
  /** Attempts of writers that nobody answered, by what was said in place. */
  unanswered: Readonly<Record<string, number>>
  /** Why connections of readers ended. */
  ends: Readonly<Record<string, number>>
}

export interface ChaosResult {
  /** In words; none when everything that was promised was kept. */
  violations: string[]
  figures: ChaosFigures
  /** The file of what the processes said. */
  logFile: string
}

/** Before the first fault and after the last one: there is something to lose, and all goes on. */
const CALM_MS = 1_000
/** For everybody to reach the end of the log. */
const CATCH_UP_MS = 30_000
/** Twice what a gateway with these readers needs; without a bound it would be far more. */
const MOST_BYTES = 900 * 1024 * 1024
const SHOWN_OF_EACH = 5

/** What a process says that has lost control of itself. */
const OUT_OF_CONTROL = /unhandled|uncaughtException|heap out of memory|MaxListenersExceededWarning/i

export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, plan, readers = 100, games = 8, say } = options
  say(`seed ${seed}: ${plan.map(({ fault }) => fault).join(', ')}`)
  const stage = await setStage({ seed, readers, games })
  try {
    const surprises: string[] = []
    const losses: Loss[] = []
    await delay(CALM_MS)
    await inflictAll(options, stage, { losses, surprise: (text) => surprises.push(text) })
    spread(stage)
    await delay(CALM_MS)
    // No hint follows that would tell of one that was lost: only a look at the log finds the last facts.
    stage.bus.set(DEAF)
    await delay(CALM_MS)
    await stage.stopWriting()
    return await conclude(seed, stage, losses, surprises)
  } catch (error) {
    throw new Error(
      `The run of seed ${seed} could not go on. What was said: ${await keepLogs(seed, stage)}`,
      {
        cause: error,
      },
    )
  } finally {
    await stage.stop()
  }
}

/** What hits processes and what hits all else go side by side; what must be alone comes when both are done. */
async function inflictAll(
  { seed, plan, say }: ChaosOptions,
  stage: Stage,
  notes: { losses: Loss[]; surprise(text: string): void },
): Promise<void> {
  const begun = stage.now()
  const inflictLane = async (lane: Lane) => {
    // Of its own, so that no choice depends on which lane is faster.
    const random = createSeededRandom(seed + LANES.indexOf(lane))
    for (const { fault, pauseMs } of plan.filter((planned) => FAULTS[planned.fault].lane === lane)) {
      await delay(pauseMs)
      const { number, name, inflict } = FAULTS[fault]
      const from = stage.now()
      const whom = await inflict({ ...stage, ...notes, random })
      const [at, took] = [from - begun, stage.now() - from].map((ms) => (ms / 1000).toFixed(1))
      say(`  ${at} s  ${fault} (${number}): ${name}: ${whom}, mended after ${took} s`)
    }
  }
  await Promise.all([inflictLane('processes'), inflictLane('surroundings')])
  await inflictLane('alone')
}

async function conclude(
  seed: number,
  stage: Stage,
  losses: Loss[],
  surprises: readonly string[],
): Promise<ChaosResult> {
  const { topology, games, crowds, record } = stage
  const log = await readLog(topology.adminUrl('stats'))
  const lastMarks = Object.fromEntries(
    games.map(({ id }) => {
      const stream = log.filter((fact) => fact.stream === `game:${id}`)
      return [id, stream.sort((one, other) => other.seq - one.seq)[0]?.mark ?? null]
    }),
  )
  const reported = (await Promise.all(crowds.map((crowd) => crowd.finish(lastMarks, CATCH_UP_MS)))).flat()
  const sizes = await Promise.all(
    topology.processes.map(async ({ pid }) => (pid === undefined ? 0 : ((await residentBytes(pid)) ?? 0))),
  )
  const logs = topology.logs()

  const history = checkHistory({
    log,
    writes: record.writes,
    readers: reported.map((one) => one.history),
    losses,
  })
  const violations = [
    ...describeViolations(history),
    ...surprises,
    ...reported.flatMap((one) => one.figures.oddities).slice(0, SHOWN_OF_EACH),
    ...new Set(record.surprises),
    ...topology.processes.flatMap(({ name, pid }, index) => {
      if (pid === undefined) return [`${name} does not run any more`]
      const size = sizes[index] ?? 0
      return size > MOST_BYTES ? [`${name} holds ${toMb(size)} MB`] : []
    }),
    ...logs.split('\n').filter((line) => OUT_OF_CONTROL.test(line)),
  ]
  const figures = reported.map((one) => one.figures)
  return {
    violations,
    logFile: await keepLogs(seed, stage),
    figures: {
      writes: record.writes.length,
      facts: log.length,
      deliveries: sum(reported.map((one) => one.history.deliveries.length)),
      reconnects: sum(figures.map(({ reconnects }) => reconnects)),
      gaps: sum(figures.map(({ gaps }) => gaps)),
      partial: sum(figures.map(({ partial }) => partial)),
      maxLagMs: Math.max(0, ...figures.map(({ maxLagMs }) => maxLagMs)),
      largestProcessMb: toMb(Math.max(...sizes)),
      unanswered: record.unanswered,
      ends: countEnds(figures),
    },
  }
}

async function keepLogs(seed: number, { topology }: Stage): Promise<string> {
  const file = path.join(workspaceRoot, '.courtside', 'chaos', `seed-${seed}.log`)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, topology.logs())
  return path.relative(workspaceRoot, file)
}

/** The first few of each kind: one fault makes hundreds. */
function describeViolations(violations: readonly Violation[]): string[] {
  return [...Map.groupBy(violations, ({ rule }) => rule)].flatMap(([rule, all]) => [
    ...all.slice(0, SHOWN_OF_EACH).map(({ detail }) => `${rule}: ${detail}`),
    ...(all.length > SHOWN_OF_EACH ? [`${rule}: ${all.length - SHOWN_OF_EACH} more`] : []),
  ])
}

function countEnds(figures: readonly ReaderFigures[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const [reason, count] of figures.flatMap(({ ends }) => Object.entries(ends))) {
    counts[reason] = (counts[reason] ?? 0) + count
  }
  return counts
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
const toMb = (bytes: number) => Math.round(bytes / 1024 / 1024)
