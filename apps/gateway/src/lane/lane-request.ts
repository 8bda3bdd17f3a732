import type { PreparedDocument, PreparedOperation } from '../operations/index.ts'
import type { Caller } from '../transports/index.ts'

/** An operation that has passed every limit and that its caller may run. */
export interface LaneRequest {
  document: PreparedDocument
  operation: PreparedOperation
  variables: Readonly<Record<string, unknown>>
  caller: Caller
  /** Asked for by the Sandbox; answered in development only. */
  showPlan: boolean
}
