export {
  createOperationCache,
  type OperationCache,
  type OperationCacheOptions,
  type OperationSource,
  type WarmUpReport,
  type Weighed,
} from './operation-cache.ts'
