import type { WorkloadName } from '../domain/index.ts'
import type { EntrantName } from '../fanout/index.ts'
import type { GatewayName } from '../gateways/index.ts'
import type { Machine } from '../machine/index.ts'

/** Medians over the rounds. Null where this machine cannot measure it. */
export interface Figures {
  /** Microseconds on a processor for each request, of the whole process tree. */
  cpuUs: number | null
  /** In the best round. */
  leastCpuUs: number | null
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
  /** How much of its processor it used; what is well below 100 was waiting for the load generator. */
  busyPercent: number | null
  /** Calls to subgraphs over HTTP. */
  callsPerRequest: number
  /** The whole process tree, after the last round. */
  residentMb: number | null
}

/** A gateway that could not be measured says why, in its own words. */
export type Outcome = Figures | { fault: string }

export const isMeasured = (outcome: Outcome | undefined): outcome is Figures =>
  outcome !== undefined && !('fault' in outcome)

export interface QueryResults {
  shape: 'stub'
  date: string
  machine: Machine
  /** Of the packages compared. */
  versions: Record<string, string>
  pinning: string
  settings: { rounds: number; seconds: number; connections: number; hot: boolean }
  workloads: Partial<Record<WorkloadName, Partial<Record<GatewayName, Outcome>>>>
}

export interface RealResults {
  shape: 'real'
  date: string
  machine: Machine
  versions: Record<string, string>
  pinning: string
  settings: { rounds: number; seconds: number; connections: number }
  plain: RealFigures
  ours: RealFigures
  /** The same without its memory of answers, so that every request is carried out. */
  oursForgetful: RealFigures
}

/** Medians over the rounds. */
export interface RealFigures {
  requestsPerSecond: number
  /** Of all processes but Postgres. Null where this machine cannot measure it. */
  cpuUs: number | null
  /** At 200 requests a second on a fixed schedule; null for what cannot answer that many. */
  at200: Percentiles | null
}

export interface Percentiles {
  p50Ms: number
  p95Ms: number
  p99Ms: number
}

/** What is said of every measurement. */
export interface Measured {
  date: string
  machine: Machine
  /** Of the packages compared; none where only ours was measured. */
  versions: Record<string, string>
  pinning: string
}

export interface FanoutResults extends Measured {
  shape: 'fanout'
  settings: { rounds: number; seconds: number }
  /** So many clients asked for the same. */
  identical: number
  /** Subscriptions at the subgraph for them. */
  upstreamsOfIdentical: Partial<Record<EntrantName, number>>
  /** By the number of clients. */
  sizes: Record<string, FanoutSize>
}

export interface FanoutSize {
  /** Events a second that come steadily. */
  fullRate: number
  /** The most that every peer keeps up with; null when none was measured. */
  peerRate: number | null
  outcomes: Partial<Record<EntrantName, FanoutOutcome>>
}

export type FanoutOutcome =
  | {
      /** Null what was not measured: peers have only their own rate, the floor has none. */
      steady: FanoutFigures | null
      burst: FanoutFigures | null
      /** Events a second in what follows. */
      rate: number | null
      atPeerRate: FanoutFigures | null
    }
  | { fault: string }

/** Medians over the rounds, but everything that was ever lost. */
export interface FanoutFigures {
  /** Microseconds on a processor for each message delivered. */
  cpuUs: number | null
  leastCpuUs: number | null
  p50Ms: number | null
  p95Ms: number | null
  p99Ms: number | null
  delivered: number
  undelivered: number
  residentMb: number | null
}

export interface LatencyResults extends Measured {
  shape: 'latency'
  settings: { seconds: number; clients: number; games: number; factsPerSecond: number }
  postgres: LatencyFigures
  /** Null where no redis-server is installed. */
  redis: LatencyFigures | null
}

export interface LatencyFigures {
  ours: Latencies
  /** A plain server that listens on the same bus. */
  raw: Latencies
}

/** From the return of the commit to the arrival at each client. */
export interface Latencies {
  p50Ms: number | null
  p95Ms: number | null
  p99Ms: number | null
  worstMs: number | null
  delivered: number
  undelivered: number
  /** What the slowest transaction of the writer took. */
  slowestMs: number
}

export interface ResumeResults extends Measured {
  shape: 'resume'
  settings: { clients: number; facts: number }
  rows: readonly ResumeFigures[]
}

export interface ResumeFigures {
  /** Over which the facts are spread. */
  games: number
  /** From the first connection until the last of all facts has come. */
  seconds: number
  delivered: number
  undelivered: number
  /** Connections that ended, and subscriptions that do not have everything. */
  lost: number
  behind: number
  complaint: string | null
  factsPerSecond: number
  /** Rows of the log that Postgres has read for it. */
  factsRead: number
  /** The most that the gateway has held. */
  residentMb: number | null
}

export interface HoldResults extends Measured {
  shape: 'hold'
  settings: {
    subscriptions: number
    /** One for each, or as many as a process may open. */
    sockets: number
    games: number
    eventsPerSecond: number
    churnPerMinute: number
    minutes: number
  }
  idleMb: number
  /** With all subscriptions open. */
  heldMb: number
  /** After each minute. */
  minutesMb: readonly number[]
  /** Over the second half of the time; null of fewer than four minutes. */
  slopeMbPerHour: number | null
}
