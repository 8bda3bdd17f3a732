export { createOperationCache, type OperationSource, type WarmUpReport } from './cache/index.ts'
export { createEngine, type CompiledOperation, type Engine } from './engine.ts'
export type { FetchRequest, FetchTemplate, SubgraphAnswer, SubgraphFetch } from './fetch/index.ts'
export type { FederatedGraph } from './graph/index.ts'
export type { Hole } from './outcome.ts'

// The parts of an engine, for what runs a plan in another way: the rest of a subscription's plan, on each event.
export type { Joined } from './join/index.ts'
export { type ClientOperation, readOperation } from './operation/index.ts'
export { type CompiledPlan, compilePlan } from './plan/index.ts'
export { compileShape, type Shape } from './shape/index.ts'
