import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openStats, type StatsHarness } from '../testing/open-stats.ts'
import { FIVB_2025 } from '../known-rule-sets.ts'

let stats: StatsHarness
let sportId: string
beforeAll(async () => {
  stats = await openStats()
  sportId = await stats.make.sport()
})
afterAll(() => stats.close())

const ALL_RULES = Object.keys(FIVB_2025.volleyball).join(' ')

interface RuleSet {
  id: string
  edition: string
  volleyball: Record<string, unknown>
}

const selection = `ruleSet { id name edition volleyball { ${ALL_RULES} } }`
const create = async (input: object) =>
  (await stats.mutate<{ ruleSet: RuleSet }>('createRuleSet', { sportId, edition: '1', ...input }, selection))
    .ruleSet
const supersede = async (input: object) =>
  (await stats.mutate<{ ruleSet: RuleSet }>('supersedeRuleSet', input, selection)).ruleSet

/** A game that is played by the set. */
async function playBy(ruleSetId: string): Promise<void> {
  const { make } = stats
  const seasonId = await make.season({ sportId })
  const [homeTeamId, awayTeamId] = [await make.team({ sportId }), await make.team({ sportId })]
  for (const teamId of [homeTeamId, awayTeamId]) await make.seasonEntry({ seasonId, teamId })
  await make.game({ seasonId, homeTeamId, awayTeamId, ruleSetId })
}

describe('STA-01: rule sets', () => {
  test('are as the FIVB has it where nothing else is said', async () => {
    const whole = await create({ name: 'Plain' })
    expect(whole.volleyball).toEqual(FIVB_2025.volleyball)
    const own = {
      bestOf: 3,
      setsToWin: 2,
      pointCap: 27,
      substitutionReentry: 'OWN_POSITION',
      liberoMayServe: true,
    }
    const special = await create({ name: 'Special', volleyball: own })
    expect(special.volleyball).toEqual({ ...FIVB_2025.volleyball, ...own })
  })

  test('change parameter by parameter while no game goes by them', async () => {
    const { id } = await create({ name: 'Draft', volleyball: { pointCap: 27 } })
    const change = async (input: object) =>
      (await stats.mutate<{ ruleSet: RuleSet }>('updateRuleSet', { id, ...input }, selection)).ruleSet
    expect((await change({ volleyball: { setTarget: 21 } })).volleyball).toMatchObject({
      setTarget: 21,
      pointCap: 27,
    })
    expect((await change({ volleyball: { pointCap: null } })).volleyball).toMatchObject({
      setTarget: 21,
      pointCap: null,
    })
    expect(await change({ edition: 'second draft' })).toMatchObject({ edition: 'second draft' })
  })

  test('make sense as a whole, or are refused with the parameter that does not', async () => {
    expect(
      await stats.refused('createRuleSet', { sportId, name: 'x', edition: 'x', volleyball: { bestOf: 4 } }),
    ).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { faults: [{ path: ['volleyball', 'setsToWin'] }] },
    })
    const { id } = await create({ name: 'Whole' })
    expect(await stats.refused('updateRuleSet', { id, volleyball: { pointCap: 20 } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { faults: [{ path: ['volleyball', 'pointCap'] }] },
    })
  })

  test('never change once a game goes by them: a new edition supersedes them', async () => {
    const first = await create({ name: 'League', volleyball: { timeoutsPerSet: 3 } })
    await playBy(first.id)
    expect(await stats.refused('updateRuleSet', { id: first.id, edition: '1a' })).toMatchObject({
      code: 'STATS_RULE_SET_USED',
      message: expect.stringContaining('supersedeRuleSet'),
      extensions: { id: first.id, games: 1 },
    })
    expect((await stats.refused('deleteRuleSet', { id: first.id })).code).toBe('STATS_IN_USE')

    const second = await supersede({ id: first.id, edition: '2', volleyball: { liberoMayServe: true } })
    expect(second).toMatchObject({ edition: '2', volleyball: { timeoutsPerSet: 3, liberoMayServe: true } })
    const query =
      'query ($id: ID!) { ruleSet(id: $id) { supersedes { id } supersededBy { id } volleyball { liberoMayServe } } }'
    expect(await stats.anybody.ok(query, { id: first.id })).toEqual({
      ruleSet: { supersedes: null, supersededBy: { id: second.id }, volleyball: { liberoMayServe: false } },
    })
    expect(await stats.anybody.ok(query, { id: second.id })).toMatchObject({
      ruleSet: { supersedes: { id: first.id }, supersededBy: null },
    })
  })

  test('are superseded once, with an edition that is new, and an edition with a successor stays', async () => {
    const first = await create({ name: 'Cup' })
    expect((await stats.refused('supersedeRuleSet', { id: first.id, edition: '1' })).code).toBe(
      'STATS_ALREADY_EXISTS',
    )
    await supersede({ id: first.id, edition: '2' })
    expect((await stats.refused('supersedeRuleSet', { id: first.id, edition: '3' })).code).toBe(
      'STATS_ALREADY_SUPERSEDED',
    )
    expect(await stats.refused('deleteRuleSet', { id: first.id })).toMatchObject({
      code: 'STATS_IN_USE',
      extensions: { references: [{ what: 'later editions', count: 1 }] },
    })
    const unknown = { id: '0197b1de-0000-7000-8000-000000000000', edition: '2' }
    expect((await stats.refused('supersedeRuleSet', unknown)).code).toBe('STATS_NOT_FOUND')
  })

  test('are listed by sport, the newest editions apart', async () => {
    const first = await create({ name: 'Listed' })
    const second = await supersede({ id: first.id, edition: '2' })
    const editions = async (filter: object) => {
      const { ruleSets } = await stats.anybody.ok<{
        ruleSets: { edges: { node: { id: string; isCurrent: boolean } }[] }
      }>(
        'query ($filter: RuleSetFilter) { ruleSets(filter: $filter, first: 100) { edges { node { id isCurrent } } } }',
        { filter: { sportId, ...filter } },
      )
      for (const { node } of ruleSets.edges) {
        if ('isCurrent' in filter) expect(node.isCurrent).toBe(filter.isCurrent)
      }
      return ruleSets.edges.map(({ node }) => node.id).filter((id) => id === first.id || id === second.id)
    }
    expect(await editions({})).toEqual([first.id, second.id])
    expect(await editions({ isCurrent: true })).toEqual([second.id])
    expect(await editions({ isCurrent: false })).toEqual([first.id])
  })
})

describe('STA-17: rules of volleyball belong to a sport that is volleyball', () => {
  test('to the graph', async () => {
    const basketball = await stats.make.sport({ kind: 'BASKETBALL' })
    expect(
      await stats.refused('createRuleSet', { sportId: basketball, name: 'x', edition: 'x' }),
    ).toMatchObject({
      code: 'STATS_OTHER_SPORT',
      extensions: { field: 'sportId', id: basketball },
    })
  })

  test('to the database, whoever writes', async () => {
    const basketball = await stats.make.sport({ kind: 'BASKETBALL' })
    const insert = (kind: string) =>
      stats.sql(
        `INSERT INTO rule_sets (id, sport_id, sport_kind, name, edition, volleyball)
         VALUES (gen_random_uuid(), $1, $2, 'x', 'x', '{}')`,
        [basketball, kind],
      )
    await expect(insert('VOLLEYBALL')).rejects.toMatchObject({
      constraint: 'rule_sets_sport_id_sport_kind_fkey',
    })
    await expect(insert('BASKETBALL')).rejects.toMatchObject({ constraint: 'rule_sets_sport_kind_check' })
    const { id } = await create({ name: 'Fixed' })
    await expect(
      stats.sql(
        `UPDATE sports SET kind = 'SOCCER' FROM rule_sets WHERE rule_sets.id = $1 AND sports.id = sport_id`,
        [id],
      ),
    ).rejects.toMatchObject({ constraint: 'rule_sets_sport_kind_check' })
  })
})
