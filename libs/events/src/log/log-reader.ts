import type { Fact } from '../fact.ts'

/** How far a stream has come. */
export interface Head {
  readonly epoch: number
  readonly seq: number
  /** Facts up to this one have been removed by retention. */
  readonly floor: number
}

export interface LogReader {
  /** In order, at most `limit`. */
  readAfter(stream: string, seq: number, limit: number): Promise<readonly Fact[]>
  /** Without an entry for a stream that has no fact yet. One statement for all. */
  heads(streams: readonly string[]): Promise<ReadonlyMap<string, Head>>
}
