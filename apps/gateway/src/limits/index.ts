export { addressKey } from './address-key.ts'
export { type BudgetHolder, budgetHolder, type HolderKind } from './budget-holder.ts'
export { type Charge, COST_HEADER, type CostBudget, createCostBudget, wantsCost } from './cost-budget.ts'
export {
  assertDemand,
  compileDemand,
  createDemandRules,
  type Demand,
  type DemandRules,
  type Measured,
  measureDemand,
} from './demand/index.ts'
export { assertShape, measureDocument, type Shape } from './document-shape.ts'
export { compilingCost, readingCost } from './first-sight.ts'
export { DEFAULT_LIMITS, type Limits } from './limits.ts'
export { createRateLimiter, type LocalRateLimiter, type RateLimiter, type Taken } from './rate-limiter.ts'
export { assertNesting, assertTokens, LONGEST_NAME, measureRawDocument, mostTokens } from './raw-document.ts'
export { assertCleanDocument, assertCleanLiterals, assertCleanVariables, isCleanText } from './text-values.ts'
