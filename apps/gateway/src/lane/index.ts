export { type LaneAnswer, withExtensions } from './lane-answer.ts'
export type { LaneRequest } from './lane-request.ts'
export { createLanes, type Lanes } from './lanes.ts'
export type { SubscriptionRequest } from './subscriptions.ts'
