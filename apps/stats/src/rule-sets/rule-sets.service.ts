import type { PageArguments } from '@courtside/kernel'
import { optional, parseInput, text } from '@courtside/validation'
import * as z from 'zod'
import type { Database } from '../db.ts'
import { notFound, unknownReference } from '../errors.ts'
import { id, idempotencyKey } from '../input-fields.ts'
import type { CountedConnection } from '../lists/index.ts'
import { findSports } from '../sports/index.ts'
import type { Caller, Writes } from '../writes/index.ts'
import { FIVB_2025 } from '../known-rule-sets.ts'
import type { RuleSet } from './rule-set.ts'
import { notVolleyball, ruleSetUsed } from './rule-sets.errors.ts'
import {
  countGamesBy,
  insertRuleSet,
  listRuleSets,
  ruleSetEntity,
  updateRuleSet,
} from './rule-sets.repository.ts'
import { volleyballFields, type VolleyballRules, volleyballRules } from './volleyball-rules.ts'

export interface RuleSetsService {
  list(filter: unknown, page: PageArguments): Promise<CountedConnection<RuleSet>>
  create(caller: Caller, input: unknown): Promise<RuleSet>
  update(caller: Caller, input: unknown): Promise<RuleSet>
  supersede(caller: Caller, input: unknown): Promise<RuleSet>
  remove(caller: Caller, input: unknown): Promise<string>
}

const ruleSetFilter = z.object({ sportId: optional(id()), isCurrent: optional(z.boolean()) })

const edition = () => text(1, 40)
const someRules = () => z.object(volleyballFields).partial()

const createInput = z.object({
  idempotencyKey: idempotencyKey(),
  sportId: id(),
  name: text(1, 80),
  edition: edition(),
  volleyball: someRules(),
})

const updateInput = z.object({
  id: id(),
  name: text(1, 80).optional(),
  edition: edition().optional(),
  volleyball: someRules().optional(),
})

const supersedeInput = z.object({
  idempotencyKey: idempotencyKey(),
  id: id(),
  edition: edition(),
  volleyball: someRules(),
})

const removeInput = z.object({ id: id() })

export interface RuleSetsDependencies {
  database: Database
  writes: Writes
}

export function createRuleSetsService({ database, writes }: RuleSetsDependencies): RuleSetsService {
  return {
    list: async (filter, page) => listRuleSets(database, parseInput(ruleSetFilter, filter ?? {}), page),

    async create(caller, input) {
      const { idempotencyKey, ...values } = parseInput(createInput, input)
      const volleyball = rulesOf(FIVB_2025.volleyball, values.volleyball)
      return writes.create(caller, ruleSetEntity, {
        input: values,
        idempotencyKey,
        async insert(tx, id) {
          const { sportId } = values
          const sport = (await findSports(tx, [sportId])).get(sportId)
          if (!sport) throw unknownReference('sportId', sportId)
          if (sport.kind !== 'VOLLEYBALL') throw notVolleyball(sportId)
          return insertRuleSet(tx, { ...values, id, volleyball, supersedesId: null })
        },
      })
    },

    async update(caller, input) {
      const { id, ...changes } = parseInput(updateInput, input)
      return writes.update(caller, ruleSetEntity, {
        id,
        async apply(tx, before) {
          // The set is locked: no game can begin to refer to it now.
          const games = await countGamesBy(tx, id)
          if (games > 0) throw ruleSetUsed(id, games)
          const volleyball = rulesOf(before.volleyball, changes.volleyball ?? {})
          return updateRuleSet(tx, id, { ...before, ...changes, volleyball })
        },
      })
    },

    async supersede(caller, input) {
      const { idempotencyKey, ...values } = parseInput(supersedeInput, input)
      return writes.create(caller, ruleSetEntity, {
        operation: 'supersede',
        input: values,
        idempotencyKey,
        async insert(tx, id) {
          const before = await ruleSetEntity.find(tx, values.id)
          if (!before) throw notFound('RuleSet', values.id)
          const { sportId, name } = before
          const volleyball = rulesOf(before.volleyball, values.volleyball)
          return insertRuleSet(tx, {
            id,
            sportId,
            name,
            edition: values.edition,
            volleyball,
            supersedesId: before.id,
          })
        },
      })
    },

    remove: async (caller, input) => writes.remove(caller, ruleSetEntity, parseInput(removeInput, input)),
  }
}

function rulesOf(base: VolleyballRules, changes: Partial<VolleyballRules>): VolleyballRules {
  return parseInput(z.object({ volleyball: volleyballRules }), { volleyball: { ...base, ...changes } })
    .volleyball
}
