import type { AdmittingGraph } from '../../admission/index.ts'
import type { Lanes } from '../../lane/index.ts'

/** The part of a version of the graph that live operations need. */
export interface LiveGraph extends AdmittingGraph {
  readonly lanes: Pick<Lanes, 'isReady' | 'execute' | 'subscription'>
  stop(): Promise<void>
}
