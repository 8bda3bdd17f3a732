export type { RunnableSubscription, StreamKind, Telling } from './runnable-subscription.ts'
