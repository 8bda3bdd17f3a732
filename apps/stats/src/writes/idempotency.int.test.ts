import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { principals } from '@courtside/testing'
import { hoursFromNow } from '../testing/fixtures.ts'
import { openStats, type StatsHarness } from '../testing/open-stats.ts'
import { makeSeason } from '../testing/season.ts'

let stats: StatsHarness
beforeAll(async () => {
  stats = await openStats()
})
afterAll(() => stats.close())

const CREATE_VENUE =
  'mutation ($input: CreateVenueInput!) { createVenue(input: $input) { venue { id name } } }'
const venue = (more: object = {}) => ({
  name: 'Heron Hall',
  city: 'Harrow Bay',
  country: 'US',
  timeZone: 'America/Detroit',
  ...more,
})
const countOf = async (table: string) => {
  const [row] = await stats.sql<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`)
  return row?.count ?? 0
}

describe('a request with an idempotency key', () => {
  test('that is repeated happens once, and every time gets the first result', async () => {
    const idempotencyKey = randomUUID()
    const before = await countOf('venues')
    const first = await stats.admin.ok(CREATE_VENUE, { input: venue({ idempotencyKey }) })
    const again = await stats.admin.ok(CREATE_VENUE, { input: venue({ idempotencyKey }) })
    expect(again).toEqual(first)
    expect(await countOf('venues')).toBe(before + 1)
  })

  test('leaves one entry in the audit log, however often it is repeated', async () => {
    const idempotencyKey = randomUUID()
    const before = await countOf('audit_log')
    for (let attempt = 0; attempt < 3; attempt++) {
      await stats.admin.ok(CREATE_VENUE, { input: venue({ idempotencyKey }) })
    }
    expect(await countOf('audit_log')).toBe(before + 1)
  })

  test('that is repeated ten times at once happens once', async () => {
    const idempotencyKey = randomUUID()
    const before = await countOf('venues')
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => stats.admin.ok(CREATE_VENUE, { input: venue({ idempotencyKey }) })),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await countOf('venues')).toBe(before + 1)
  })

  test('gets the result as it is now', async () => {
    const input = venue({ idempotencyKey: randomUUID() })
    const { createVenue } = await stats.admin.ok<{ createVenue: { venue: { id: string } } }>(CREATE_VENUE, {
      input,
    })
    const { id } = createVenue.venue
    await stats.mutate('updateVenue', { id, name: 'Renamed' }, 'venue { id }')
    expect(await stats.admin.ok(CREATE_VENUE, { input })).toEqual({
      createVenue: { venue: { id, name: 'Renamed' } },
    })
    await stats.mutate('deleteVenue', { id }, 'deletedId')
    expect((await stats.refused('createVenue', input)).code).toBe('STATS_NOT_FOUND')
  })

  test('is refused for another input, and for another operation', async () => {
    const idempotencyKey = randomUUID()
    await stats.admin.ok(CREATE_VENUE, { input: venue({ idempotencyKey }) })
    const reused = 'STATS_IDEMPOTENCY_KEY_REUSED'
    expect((await stats.refused('createVenue', venue({ idempotencyKey, city: 'Elsewhere' }))).code).toBe(
      reused,
    )
    expect(
      (await stats.refused('createSport', { idempotencyKey, kind: 'SOCCER', name: 'Soccer' })).code,
    ).toBe(reused)
  })

  test('is the same request in whatever order its fields come, and however its text is written', async () => {
    const idempotencyKey = randomUUID()
    const first = await stats.admin.ok(CREATE_VENUE, { input: venue({ idempotencyKey, name: 'Dôme' }) })
    const reordered = {
      timeZone: 'America/Detroit',
      country: 'US',
      city: ' Harrow Bay ',
      name: 'Dôme'.normalize('NFD'),
    }
    expect(await stats.admin.ok(CREATE_VENUE, { input: { ...reordered, idempotencyKey } })).toEqual(first)
  })

  test('meets no key of anybody else', async () => {
    const idempotencyKey = 'the-first-key-that-comes-to-mind'
    const callers = [
      principals.userWithScopes('write:competitions'),
      principals.userWithScopes('write:competitions'),
      principals.partner('write:competitions'),
      principals.service('importer', 'write:competitions'),
    ]
    const made = new Set<string>()
    for (const caller of callers) {
      const { createVenue } = await stats
        .as(caller)
        .ok<{ createVenue: { venue: { id: string } } }>(CREATE_VENUE, { input: venue({ idempotencyKey }) })
      made.add(createVenue.venue.id)
    }
    expect(made.size).toBe(callers.length)
  })

  test('that was refused leaves the key free', async () => {
    const { seasonId, teamIds } = await makeSeason(stats, 3)
    const [homeTeamId, awayTeamId, third] = teamIds as [string, string, string]
    await stats.make.game({ seasonId, homeTeamId, awayTeamId, startsAt: hoursFromNow(24) })
    const input = { idempotencyKey: randomUUID(), seasonId, homeTeamId, awayTeamId: third }
    expect((await stats.refused('createGame', { ...input, startsAt: hoursFromNow(25) })).code).toBe(
      'STATS_TEAM_BUSY',
    )
    await stats.mutate('createGame', { ...input, startsAt: hoursFromNow(30) }, 'game { id }')
  })

  test('works for everything that is created', async () => {
    const { sportId, seasonId, teamIds } = await makeSeason(stats, 2)
    const teamId = await stats.make.team({ sportId })
    const [homeTeamId, awayTeamId] = teamIds
    const ruleSetId = await stats.make.ruleSet({ sportId })
    const requests: Record<string, object> = {
      createSport: { kind: 'SOCCER', name: 'Soccer' },
      createSeason: { sportId, label: '2031', startsOn: '2031-01-01', endsOn: '2031-12-31' },
      createConference: { sportId, name: 'Lakes', abbreviation: 'LKS' },
      createVenue: venue(),
      createTeam: { sportId, name: 'Comets', abbreviation: 'COM', city: 'Elmsworth' },
      createSeasonEntry: { seasonId, teamId },
      createPlayer: { firstName: 'Ada', lastName: 'Novak' },
      createRosterEntry: {
        seasonId,
        teamId: homeTeamId,
        playerId: await stats.make.player(),
        number: 1,
      },
      createRuleSet: { sportId, name: 'House', edition: '1' },
      supersedeRuleSet: { id: ruleSetId, edition: 'next' },
      createGame: { seasonId, homeTeamId, awayTeamId, startsAt: hoursFromNow(24) },
    }
    for (const [mutation, request] of Object.entries(requests)) {
      const field = mutation.replace(/^(?:create|supersede)/, '')
      const selection = `${field.charAt(0).toLowerCase()}${field.slice(1)} { id }`
      const input = { ...request, idempotencyKey: randomUUID() }
      const first = await stats.mutate(mutation, input, selection)
      expect(await stats.mutate(mutation, input, selection)).toEqual(first)
    }
  })
})
