/** One thing that happened, as one row of a stream. */
export interface Fact {
  /** Which stream, for example `game:0190…`. */
  readonly stream: string
  /** Its place in the stream: 1, 2, 3 … without a gap. */
  readonly seq: number
  /** Made anew when a restore may have lost the end of the log. */
  readonly epoch: number
  readonly type: string
  readonly payload: unknown
  readonly occurredAt: Date
  readonly recordedAt: Date
  /** Position in the video, in milliseconds, where there is one. */
  readonly mediaTimeMs: number | null
}
