export type { CredentialHolder, CredentialWatch } from './connections/index.ts'
export {
  createHttpStreams,
  type HttpStreams,
  type HttpStreamsOptions,
  type StreamRequest,
} from './http-streams/index.ts'
export { createSubscriptionHub, type SubscriptionHub } from './hub/index.ts'
export { createLiveOperations, type LiveOutlet, type ServedLiveOperations } from './live-operation/index.ts'
export type { RunnableSubscription } from './operation/index.ts'
export { serveSubscriptions, type Subscriptions } from './serve-subscriptions.ts'
export type { WebSocketLimits } from './websocket/index.ts'
