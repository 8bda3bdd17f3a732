import { createBatch } from '@courtside/subgraph'
import type { Database } from '../db.ts'
import { createEntityLoader, type EntityLoader } from '../entity-loader.ts'
import type { RuleSet } from './rule-set.ts'
import { findRuleSets, findSuccessors } from './rule-sets.repository.ts'

export interface RuleSetLoaders extends EntityLoader<RuleSet> {
  /** The edition after this one. */
  successorOf(id: string): Promise<RuleSet | null>
}

export function createRuleSetLoaders(database: Database): RuleSetLoaders {
  const successors = createBatch<string, RuleSet>(
    (ids) => database.read((client) => findSuccessors(client, ids)),
    () => null,
  )
  return { ...createEntityLoader(database, findRuleSets), successorOf: (id) => successors.load(id) }
}
