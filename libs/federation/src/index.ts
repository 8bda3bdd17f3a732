export type { CompiledOperation, Engine, EngineOptions, Hole, Outcome } from './engine.ts'
export type { FetchRequest, FetchTemplate, SubgraphAnswer, SubgraphFetch, Variables } from './fetch/index.ts'
export { type FederatedGraph, loadGraph } from './graph/index.ts'
