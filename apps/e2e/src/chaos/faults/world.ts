import type { UnreliableBus } from '../bus-faults/index.ts'
import type { Loss } from '../history/index.ts'
import type { Crowd } from '../readers/index.ts'
import type { SeededRandom } from '../seeded-random.ts'
import type { DatabaseServers, Topology } from '../../topology/index.ts'

/** What a fault can lay its hands on. */
export interface World {
  topology: Topology
  servers: DatabaseServers
  bus: UnreliableBus
  crowds: readonly Crowd[]
  random: SeededRandom
  /** The clock of the run, in milliseconds. */
  now(): number
  /** Writes as fast as it can for a moment to the game that most readers watch. */
  burst(): Promise<void>
  /** Ends those writers whose work cannot be told from a loss. */
  stopCreating(): Promise<void>
  losses: Loss[]
  /** Something that must not be, seen while a fault was inflicted. */
  surprise(text: string): void
}

/** Faults of one lane come one after the other; those of the first two meet by chance. */
export const LANES = ['processes', 'surroundings', 'alone'] as const
export type Lane = (typeof LANES)[number]

/** One kind of thing that goes wrong. It is mended by its end; what it meant for others may take longer. */
export interface Fault {
  /** As the list of faults in docs/chaos.md numbers it. */
  number: number
  name: string
  lane: Lane
  /** Says whom it hit. */
  inflict(world: World): Promise<string>
}
