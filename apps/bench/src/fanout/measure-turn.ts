import { canMeasureCpu, type ChildProgram, usageOf } from '../machine/index.ts'
import { followedIn, happenIn, type Happening, type Subscribers } from '../streams/index.ts'
import type { Contender } from './contenders.ts'

/** What one contender showed with one way of events happening. */
export interface Turn {
  /** Microseconds on a processor for each message delivered, of the whole process tree. */
  cpuUs: number | null
  delivered: number
  undelivered: number
  wrong: number
  complaint: string | null
  p50Ms: number | null
  p95Ms: number | null
  p99Ms: number | null
  worstMs: number | null
  residentMb: number | null
}

/** Subscribers of a contender that wait for a game. */
export interface Audience {
  readonly gameId: string
  readonly clients: number
  /** Subscriptions that the contender opened for them at the source. */
  readonly upstreams: number
}

export interface Stage {
  readonly source: ChildProgram
  readonly subscribers: Subscribers
}

/** The first address that subscribers come from; further ones follow it. */
const FIRST_ADDRESS = 2
/** Nothing new for so long, and what has not come is lost. */
const PATIENCE_MS = 3_000

const sourceOf = ({ source }: Stage, contender: Contender) =>
  contender.name === 'oursInProcess' ? contender.program : source

export async function seat(
  stage: Stage,
  contender: Contender,
  gameId: string,
  clients: number,
): Promise<Audience> {
  const source = sourceOf(stage, contender)
  const before = await followedIn(source)
  await stage.subscribers.connect({
    port: contender.port,
    feed: 'domain',
    ownId: contender.kind !== 'floor',
    connections: clients,
    wishes: Array.from({ length: clients }, () => ({ gameId, after: null })),
    firstAddress: FIRST_ADDRESS,
    inTurn: true,
  })
  return { gameId, clients, upstreams: (await followedIn(source)) - before }
}

/** `limitMs` bounds how long after the last event all must have come. */
export async function measureTurn(
  stage: Stage,
  contender: Contender,
  { gameId, clients }: Audience,
  happening: Omit<Happening, 'gameIds'>,
  limitMs?: number,
): Promise<Turn> {
  const { pid } = contender.program
  const before = canMeasureCpu ? usageOf(pid) : null
  const { happened } = await happenIn(sourceOf(stage, contender), { gameIds: [gameId], ...happening })
  const head = Math.max(...happened.map(([, seq]) => seq))
  const settled = await stage.subscribers.settle({
    heads: [[gameId, head]],
    moments: happened,
    patienceMs: PATIENCE_MS,
    ...(limitMs !== undefined && { limitMs }),
  })
  const after = canMeasureCpu ? usageOf(pid) : null
  const { delivered, wrong, complaint, p50Ms, p95Ms, p99Ms, worstMs } = settled
  return {
    cpuUs: before && after && delivered > 0 ? ((after.cpuMs - before.cpuMs) * 1_000) / delivered : null,
    delivered,
    undelivered: happened.length * clients - delivered,
    wrong,
    complaint: complaint ?? contender.program.ended(),
    p50Ms,
    p95Ms,
    p99Ms,
    worstMs,
    residentMb: after && after.residentMb,
  }
}
