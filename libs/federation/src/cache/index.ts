export {
  createOperationCache,
  type OperationCache,
  type OperationCacheOptions,
  type OperationSource,
  type WarmUpReport,
} from './operation-cache.ts'
