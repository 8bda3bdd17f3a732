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
