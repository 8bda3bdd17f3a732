import type { Breakage } from './break-answer.ts'

/** Everything that subgraphs answer in one case. Two worlds that are alike answer alike. */
export interface World {
  seed: number
  /** Of a hundred fields, how many fail with an error. */
  errors: number
  /** Of a hundred values that may be null, how many are. */
  nulls: number
  /** Of a hundred entities, how many their own subgraph does not know. */
  dangling: number
  /** How subgraphs break their own schema. */
  breakage: Breakage
}
