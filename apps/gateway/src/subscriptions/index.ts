export { serveSubscriptions, type Subscriptions } from './serve-subscriptions.ts'
