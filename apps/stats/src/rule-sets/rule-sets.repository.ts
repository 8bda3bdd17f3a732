import type { SortKey } from '@courtside/database'
import type { PageArguments } from '@courtside/kernel'
import type { Database, Tx } from '../db.ts'
import { alreadyExists } from '../errors.ts'
import { type CountedConnection, listPlain } from '../lists/index.ts'
import type { Entity } from '../writes/index.ts'
import type { RuleSet } from './rule-set.ts'
import { alreadySuperseded } from './rule-sets.errors.ts'
import { volleyballRules } from './volleyball-rules.ts'

export interface RuleSetFilter {
  sportId?: string | null
  isCurrent?: boolean | null
}

export const ruleSetEntity: Entity<RuleSet> = {
  name: 'RuleSet',
  table: 'rule_sets',
  find: async (tx, id) => (await findRuleSets(tx, [id])).get(id) ?? null,
  referrers: [
    { table: 'games', columns: { rule_set_id: 'id' }, what: 'games' },
    { table: 'rule_sets', columns: { supersedes_id: 'id' }, what: 'later editions' },
  ],
  remedy: 'Supersede it with a new edition instead: supersedeRuleSet.',
  conflicts: {
    rule_sets_sport_id_name_edition_key: () =>
      alreadyExists('edition', 'The sport has a rule set with this name and edition already.'),
    rule_sets_supersedes_id_key: alreadySuperseded,
  },
}

export async function findRuleSets(tx: Tx, ids: readonly string[]): Promise<Map<string, RuleSet>> {
  const rows = await tx.ruleSet.findMany({ where: { id: { in: [...ids] } } })
  return new Map(rows.map((row) => [row.id, toRuleSet(row)]))
}

/** The edition after each of these, by the id of the one before. */
export async function findSuccessors(tx: Tx, ids: readonly string[]): Promise<Map<string, RuleSet>> {
  const rows = await tx.ruleSet.findMany({ where: { supersedesId: { in: [...ids] } } })
  return new Map(
    rows.flatMap((row) => (row.supersedesId === null ? [] : [[row.supersedesId, toRuleSet(row)]])),
  )
}

const BY_NAME: readonly SortKey[] = [
  { field: 'name', order: 'asc', type: 'text' },
  { field: 'edition', order: 'asc', type: 'text' },
  { field: 'id', order: 'asc', type: 'uuid' },
]

export function listRuleSets(
  database: Database,
  { sportId, isCurrent }: RuleSetFilter,
  page: PageArguments,
): Promise<CountedConnection<RuleSet>> {
  const matching = {
    sportId: sportId ?? undefined,
    supersededBy: isCurrent == null ? undefined : isCurrent ? null : { isNot: null },
  }
  return listPlain(database, {
    page,
    order: BY_NAME,
    keyOf: ({ name, edition, id }) => [name, edition, id],
    rows: async (client, { where, ...rest }) =>
      (await client.ruleSet.findMany({ where: { ...matching, AND: where }, ...rest })).map(toRuleSet),
    count: (client) => client.ruleSet.count({ where: matching }),
  })
}

type Values = Pick<RuleSet, 'name' | 'edition' | 'volleyball'>

export async function insertRuleSet(
  tx: Tx,
  values: Values & { id?: string; sportId: string; supersedesId: string | null },
): Promise<RuleSet> {
  return toRuleSet(await tx.ruleSet.create({ data: values }))
}

export async function updateRuleSet(
  tx: Tx,
  id: string,
  { name, edition, volleyball }: Values,
): Promise<RuleSet> {
  return toRuleSet(await tx.ruleSet.update({ where: { id }, data: { name, edition, volleyball } }))
}

export const countGamesBy = (tx: Tx, ruleSetId: string): Promise<number> =>
  tx.game.count({ where: { ruleSetId } })

/** `sportKind` serves the foreign key alone. */
function toRuleSet({
  volleyball,
  sportKind: _,
  ...row
}: Omit<RuleSet, 'volleyball'> & { volleyball: unknown; sportKind: string }): RuleSet {
  return { ...row, volleyball: volleyballRules.parse(volleyball) }
}
