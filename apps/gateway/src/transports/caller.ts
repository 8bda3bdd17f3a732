import type { Principal } from '@courtside/auth'
import type { Logger } from '@courtside/logger'
import type { Trace } from '@courtside/telemetry'
import type { Cancellation } from './cancellation.ts'

/** For whom a subgraph is asked. */
export interface Caller {
  readonly principal: Principal
  readonly requestId: string
  readonly clientAddress: string | null
  readonly clientAgent: string | null
  readonly log: Logger
  /** Null where the work goes on even when the client leaves, as a mutation does. */
  readonly cancellation: Cancellation | null
  /**
   * When the whole request is too late, in milliseconds of `performance.now()`. It may become later while others join
   * those who wait. Default: the deadline of each call.
   */
  readonly deadline?: number | null
  /** Each call is a span in it. Default: null, the request is not traced. */
  readonly trace?: Trace | null
}
