export {
  createLiveOperations,
  type LiveOperationsOptions,
  type ServedLiveOperations,
} from './create-live-operations.ts'
export type { LiveGraph } from './live-graph.ts'
export type { LiveObserver } from './live-observer.ts'
export type { StandingLimits } from './standing-demand.ts'
export type { LiveOperation, LiveOperations, LiveOutlet, LiveRequest } from './live-operations.ts'
