import type { QueryPlan } from '@apollo/query-planner'
import type { ClientOperation } from './operation/index.ts'

export function weigh({ definition }: ClientOperation, plan: QueryPlan): number {
  return (definition.loc?.end ?? 0) + JSON.stringify(plan).length
}
