import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openStats, type StatsHarness } from '../testing/open-stats.ts'
import { makeSeason } from '../testing/season.ts'

let stats: StatsHarness
beforeAll(async () => {
  stats = await openStats()
})
afterAll(() => stats.close())

const ROUNDS = 12

/** Sends both at the same moment and tells how each was answered. */
async function race(...mutations: readonly [name: string, input: object][]): Promise<string[]> {
  const answers = await Promise.all(
    mutations.map(([name, input]) => {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
      return stats.admin.run(`mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`, {
        input,
      })
    }),
  )
  return answers.map(({ errors }) => errors[0]?.code ?? 'done')
}

describe('at the same time', () => {
  test('a season gets shorter and a game is scheduled on a day that it loses: one of them is refused', async () => {
    const { seasonId, teamIds } = await makeSeason(stats, 2)
    const [homeTeamId, awayTeamId] = teamIds as [string, string]
    for (let round = 0; round < ROUNDS; round++) {
      await stats.mutate('updateSeason', { id: seasonId, endsOn: '2027-05-31' }, 'season { id }')
      const game = { seasonId, homeTeamId, awayTeamId, startsAt: '2027-05-20T19:00:00Z' }
      const codes = await race(['createGame', game], ['updateSeason', { id: seasonId, endsOn: '2027-05-01' }])
      expect([
        ['done', 'STATS_OUT_OF_SEASON'],
        ['STATS_OUT_OF_SEASON', 'done'],
      ]).toContainEqual(codes)
      await stats.sql('DELETE FROM games')
    }
  })

  test('a team leaves its conference and a game is scheduled for that: one of them is refused', async () => {
    const { seasonId, conferenceId, teamIds } = await makeSeason(stats, 2)
    const [homeTeamId, awayTeamId] = teamIds as [string, string]
    const [entry] = await stats.sql<{ id: string }>('SELECT id FROM season_entries WHERE team_id = $1', [
      homeTeamId,
    ])
    const id = entry!.id
    for (let round = 0; round < ROUNDS; round++) {
      await stats.mutate('updateSeasonEntry', { id, conferenceId }, 'seasonEntry { id }')
      const game = { seasonId, conferenceId, homeTeamId, awayTeamId, startsAt: '2027-01-20T19:00:00Z' }
      const codes = await race(['createGame', game], ['updateSeasonEntry', { id, conferenceId: null }])
      expect([
        ['done', 'STATS_IN_USE'],
        ['STATS_NOT_IN_CONFERENCE', 'done'],
      ]).toContainEqual(codes)
      await stats.sql('DELETE FROM games')
    }
  })

  test('something is deleted and a game begins to refer to it: one of them is refused', async () => {
    const { seasonId, sportId, teamIds } = await makeSeason(stats, 2)
    const [homeTeamId, awayTeamId] = teamIds as [string, string]
    for (let round = 0; round < ROUNDS; round++) {
      const [field, remove, id] =
        round % 2
          ? (['venueId', 'deleteVenue', await stats.make.venue()] as const)
          : (['ruleSetId', 'deleteRuleSet', await stats.make.ruleSet({ sportId })] as const)
      const game = { seasonId, homeTeamId, awayTeamId, startsAt: '2027-01-20T19:00:00Z', [field]: id }
      const codes = await race(['createGame', game], [remove, { id }])
      expect([
        ['done', 'STATS_IN_USE'],
        ['STATS_UNKNOWN_REFERENCE', 'done'],
      ]).toContainEqual(codes)
      await stats.sql('DELETE FROM games')
    }
  })

  test('a rule set changes and a game begins to go by it: the game never goes by rules that changed after it', async () => {
    const { seasonId, sportId, teamIds } = await makeSeason(stats, 2)
    const [homeTeamId, awayTeamId] = teamIds as [string, string]
    for (let round = 0; round < ROUNDS; round++) {
      const id = await stats.make.ruleSet({ sportId })
      const game = { seasonId, homeTeamId, awayTeamId, startsAt: '2027-01-20T19:00:00Z', ruleSetId: id }
      const codes = await race(['createGame', game], ['updateRuleSet', { id, edition: 'changed' }])
      expect([
        ['done', 'STATS_RULE_SET_USED'],
        ['done', 'done'],
      ]).toContainEqual(codes)
      if (codes[1] === 'done') {
        const [row] = await stats.sql<{ kept: boolean }>(
          `SELECT min(id) FILTER (WHERE action = 'rule-sets.update') < min(id) FILTER (WHERE action = 'games.create') AS kept
           FROM audit_log WHERE entity_id = $1 OR after ->> 'ruleSetId' = $1`,
          [id],
        )
        expect(row?.kept).toBe(true)
      }
      await stats.sql('DELETE FROM games')
    }
  })

  test('two teams meet in two games that are scheduled crosswise: neither waits for the other for ever', async () => {
    const { seasonId, teamIds } = await makeSeason(stats, 2)
    const [one, two] = teamIds as [string, string]
    for (let round = 0; round < ROUNDS; round++) {
      const startsAt = '2027-01-20T19:00:00Z'
      const codes = await race(
        ['createGame', { seasonId, homeTeamId: one, awayTeamId: two, startsAt }],
        ['createGame', { seasonId, homeTeamId: two, awayTeamId: one, startsAt }],
      )
      expect(codes.toSorted()).toEqual(['STATS_TEAM_BUSY', 'done'])
      await stats.sql('DELETE FROM games')
    }
  })
})
