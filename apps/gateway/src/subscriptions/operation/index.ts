export type { RunnableSubscription, StreamKind } from './runnable-subscription.ts'
