export {
  createOperationCache,
  type OperationCache,
  type OperationCacheOptions,
  type OperationSource,
  type WarmUpReport,
} from './cache/index.ts'
export { createEngine, type CompiledOperation, type Engine, type EngineOptions } from './engine.ts'
export {
  compileVariablePicker,
  type FetchRequest,
  type FetchTemplate,
  type SubgraphAnswer,
  type SubgraphFetch,
  type Variables,
} from './fetch/index.ts'
export { type FederatedGraph, loadGraph } from './graph/index.ts'
export type { Hole, Outcome } from './outcome.ts'
export { type CompiledPlan, compilePlan, type PlanOptions } from './plan/index.ts'
export { type ClientOperation, readOperation } from './operation/index.ts'
export { compileShape, type Shape, type ShapeOptions } from './shape/index.ts'
export type { Joined } from './join/index.ts'
