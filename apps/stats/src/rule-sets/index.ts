import { createRuleSetLoaders } from './rule-sets.loaders.ts'
import { createRuleSetsResolvers } from './rule-sets.resolvers.ts'
import { createRuleSetsService, type RuleSetsDependencies } from './rule-sets.service.ts'

export type { RuleSet } from './rule-set.ts'
export type { RuleSetLoaders } from './rule-sets.loaders.ts'
export { findRuleSets, ruleSetEntity } from './rule-sets.repository.ts'
export type { VolleyballRules } from './volleyball-rules.ts'

export function createRuleSetsModule(dependencies: RuleSetsDependencies) {
  return {
    resolvers: createRuleSetsResolvers(createRuleSetsService(dependencies)),
    /** For one operation. */
    createLoaders: () => createRuleSetLoaders(dependencies.database),
  }
}
