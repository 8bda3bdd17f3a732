export { createSubscriptions, type SubscriptionRequest } from './subscriptions.ts'
export type { BegunSubscription } from './to-runnable.ts'
