export { type CompiledPlan, compilePlan, type PlanOptions } from './compiled-plan.ts'
