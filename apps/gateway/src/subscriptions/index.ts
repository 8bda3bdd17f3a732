export {
  createCredentialWatch,
  type CredentialHolder,
  type CredentialWatch,
  type Timers,
} from './connections/index.ts'
export {
  createHttpStreams,
  type HttpStreams,
  type HttpStreamsOptions,
  type StreamRequest,
} from './http-streams/index.ts'
export { Batch, createSubscriptionHub, type SubscriptionHub } from './hub/index.ts'
export {
  createLiveOperations,
  type LiveOperation,
  type LiveOperations,
  type LiveOutlet,
  type LiveRequest,
  type ServedLiveOperations,
  type StandingLimits,
} from './live-operation/index.ts'
export type { RunnableSubscription, Telling } from './operation/index.ts'
export { serveSubscriptions, type Subscriptions } from './serve-subscriptions.ts'
export { createWebSocketServer, DEFAULT_WEBSOCKET_LIMITS, type WebSocketLimits } from './websocket/index.ts'
