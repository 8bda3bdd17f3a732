import {
  corruptedFrames,
  dropAllSockets,
  halfOpenConnections,
  hotGame,
  slowDatabase,
  unreliableBus,
} from './network.ts'
import {
  freezeStats,
  jumpClocks,
  killAccounts,
  killAllStats,
  killGateway,
  killStats,
  rollEverything,
  spread,
  stallReaders,
} from './processes.ts'
import {
  cutDatabaseConnections,
  freezePostgres,
  freezeRedis,
  killPostgres,
  killRedis,
  noMoreConnections,
  restoreBackup,
} from './stores.ts'
import type { Fault } from './world.ts'

export { spread }
export { type Fault, type Lane, LANES, type World } from './world.ts'

/** By the name under which one of them is asked for. */
export const FAULTS = {
  killGateway,
  killStats,
  killAllStats,
  killAccounts,
  killPostgres,
  cutDatabaseConnections,
  freezePostgres,
  noMoreConnections,
  killRedis,
  freezeRedis,
  unreliableBus,
  halfOpenConnections,
  stallReaders,
  freezeStats,
  slowDatabase,
  rollEverything,
  jumpClocks,
  dropAllSockets,
  hotGame,
  corruptedFrames,
  restoreBackup,
} as const satisfies Readonly<Record<string, Fault>>

export type FaultName = keyof typeof FAULTS

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[]
