export type { AnswerStore, Awaitable } from './answer-store.ts'
export { cacheControlOf, NOT_STORED, varyOf } from './cache-control-header.ts'
export { type CachePolicy, cachePolicyOf } from './cache-policy.ts'
export { type CacheRules, createCacheRules } from './cache-rules.ts'
export { createMemoryStore, type MemoryStoreOptions } from './memory-store.ts'
export {
  type CachePlanner,
  createCachePlanner,
  type OperationCaching,
  type OperationToCache,
} from './operation-caching.ts'
export { createRedisStore, type RedisStoreOptions } from './redis-store.ts'
export { createResponseCache, type ResponseCache, type ResponseCacheOptions } from './response-cache.ts'
export {
  createSharedReads,
  type ReadAnswer,
  type SharedReads,
  type SharedReadsOptions,
} from './shared-reads.ts'
export { createSingleFlight, type SingleFlight } from './single-flight.ts'
export { type Tag, tagsOfChangedEntity } from './tags.ts'
