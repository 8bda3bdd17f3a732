export { type Backpressure, type StreamStep } from './backpressure.policy.ts'
export type { HubFigures } from './figures.ts'
export { followStream, type FollowOptions } from './follow-stream.ts'
export type { Position, StartingPoint, StreamEvent, StreamListener } from './stream-event.ts'
export {
  createStreamHub,
  type StreamHub,
  type StreamHubOptions,
  type StreamSubscription,
} from './stream-hub.ts'
