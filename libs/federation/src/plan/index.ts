export { compilePlan } from './compiled-plan.ts'
export { compileEventPlan } from './event-plan.ts'
