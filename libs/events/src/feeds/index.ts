export type { DeadLetter } from './dead-letters.ts'
export type { FeedDatabase } from './consume-page.ts'
export { createFeedMetrics } from './feed-metrics.ts'
export { createFeed, type Feed, type FeedObserver, type FeedOptions } from './feed.ts'
