import type { Resolvers } from '../generated/graphql.ts'
import { countedConnection } from '../lists/index.ts'
import type { RuleSetsService } from './rule-sets.service.ts'

export function createRuleSetsResolvers(ruleSets: RuleSetsService): Resolvers {
  return {
    Query: {
      ruleSet: (_root, { id }, { loaders }) => loaders.ruleSets.find(id),
      ruleSets: (_root, { filter, ...page }) => ruleSets.list(filter, page),
    },
    Mutation: {
      createRuleSet: async (_root, { input }, { caller }) => ({
        ruleSet: await ruleSets.create(caller, input),
      }),
      updateRuleSet: async (_root, { input }, { caller }) => ({
        ruleSet: await ruleSets.update(caller, input),
      }),
      supersedeRuleSet: async (_root, { input }, { caller, loaders }) => {
        const ruleSet = await ruleSets.supersede(caller, input)
        return { ruleSet, superseded: await loaders.ruleSets.get(input.id) }
      },
      deleteRuleSet: async (_root, { input }, { caller }) => ({
        deletedId: await ruleSets.remove(caller, input),
      }),
    },
    RuleSet: {
      __resolveReference: ({ id }, { loaders }) => loaders.ruleSets.find(id),
      sport: ({ sportId }, _args, { loaders }) => loaders.sports.get(sportId),
      supersedes: ({ supersedesId }, _args, { loaders }) =>
        supersedesId === null ? null : loaders.ruleSets.get(supersedesId),
      supersededBy: ({ id }, _args, { loaders }) => loaders.ruleSets.successorOf(id),
      isCurrent: async ({ id }, _args, { loaders }) => (await loaders.ruleSets.successorOf(id)) === null,
    },
    RuleSetConnection: countedConnection,
  }
}
