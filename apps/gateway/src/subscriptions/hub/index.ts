export { Batch, type Payload } from './batch.ts'
export type { Outlet } from './outlet.ts'
export type { HubFigures, HubSubscription, SubscriptionHub } from './subscription-hub.ts'
