import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { hoursFromNow } from '../testing/fixtures.ts'
import { openStats, type StatsHarness } from '../testing/open-stats.ts'
import { makeSeason, type SeasonWithTeams } from '../testing/season.ts'

let stats: StatsHarness
let league: SeasonWithTeams
let home: string
let away: string
beforeAll(async () => {
  stats = await openStats()
})
afterAll(() => stats.close())

const UNKNOWN = '0197b1de-0000-7000-8000-000000000000'
const GAME = `game {
  id sport { id } season { id } conference { id } home { id } away { id } venue { id } ruleSet { id }
  name round isNeutralSite startsAt status statusReason version startedAt endedAt
}`

type Game = Record<string, unknown> & { id: string; version: number }

const schedule = async (input: object = {}) =>
  (
    await stats.mutate<{ game: Game }>(
      'createGame',
      { seasonId: league.seasonId, homeTeamId: home, awayTeamId: away, startsAt: hoursFromNow(24), ...input },
      GAME,
    )
  ).game
const refusedGame = (input: object) =>
  stats.refused('createGame', {
    seasonId: league.seasonId,
    homeTeamId: home,
    awayTeamId: away,
    startsAt: hoursFromNow(24),
    ...input,
  })
const change = async (game: Game, input: object) =>
  (
    await stats.mutate<{ game: Game }>(
      'updateGame',
      { id: game.id, expectedVersion: game.version, ...input },
      GAME,
    )
  ).game
const move = async (game: Game, status: string, reason?: string) =>
  (
    await stats.mutate<{ game: Game }>(
      'changeGameStatus',
      { id: game.id, expectedVersion: game.version, status, reason },
      GAME,
    )
  ).game

/** Two teams that nobody else plays with. */
async function freshTeams(): Promise<[string, string]> {
  league = await makeSeason(stats, 2)
  ;[home, away] = league.teamIds as [string, string]
  return [home, away]
}

describe('STA-01: scheduling a game', () => {
  test('takes all that is known of it', async () => {
    await freshTeams()
    const { make } = stats
    const about = {
      conferenceId: league.conferenceId,
      venueId: await make.venue(),
      ruleSetId: await make.ruleSet({ sportId: league.sportId }),
      name: 'Opening night',
      round: 'Round 1',
      isNeutralSite: true,
    }
    const game = await schedule(about)
    expect(game).toEqual({
      id: game.id,
      sport: { id: league.sportId },
      season: { id: league.seasonId },
      conference: { id: about.conferenceId },
      home: { id: home },
      away: { id: away },
      venue: { id: about.venueId },
      ruleSet: { id: about.ruleSetId },
      name: 'Opening night',
      round: 'Round 1',
      isNeutralSite: true,
      startsAt: hoursFromNow(24),
      status: 'SCHEDULED',
      statusReason: null,
      version: 1,
      startedAt: null,
      endedAt: null,
    })
    const { game: found } = await stats.anybody.ok<{ game: Game }>(
      `query ($id: ID!) { ${GAME.replace('game {', 'game(id: $id) {')} }`,
      {
        id: game.id,
      },
    )
    expect(found).toEqual(game)
  })

  test('is for two teams of the sport that compete in the season', async () => {
    await freshTeams()
    const { make } = stats
    const stranger = await make.team({ sportId: league.sportId })
    const footballer = await make.team({ sportId: await make.sport() })
    expect((await refusedGame({ awayTeamId: home })).code).toBe('BAD_USER_INPUT')
    expect(await refusedGame({ awayTeamId: stranger })).toMatchObject({
      code: 'STATS_NOT_IN_SEASON',
      extensions: { field: 'awayTeamId', teamId: stranger },
    })
    expect(await refusedGame({ homeTeamId: footballer })).toMatchObject({
      code: 'STATS_OTHER_SPORT',
      extensions: { field: 'homeTeamId' },
    })
    await stats.mutate('updateTeam', { id: away, isActive: false }, 'team { id }')
    expect(await refusedGame({})).toMatchObject({
      code: 'STATS_INACTIVE',
      extensions: { field: 'awayTeamId' },
    })
  })

  test('names nothing that is not there or belongs to another sport', async () => {
    await freshTeams()
    for (const field of ['seasonId', 'homeTeamId', 'awayTeamId', 'conferenceId', 'venueId', 'ruleSetId']) {
      expect(await refusedGame({ [field]: UNKNOWN })).toMatchObject({
        code: 'STATS_UNKNOWN_REFERENCE',
        extensions: { field, id: UNKNOWN },
      })
    }
    const { make } = stats
    const otherSport = { sportId: await make.sport() }
    expect((await refusedGame({ conferenceId: await make.conference(otherSport) })).code).toBe(
      'STATS_OTHER_SPORT',
    )
    expect((await refusedGame({ ruleSetId: await make.ruleSet(otherSport) })).code).toBe('STATS_OTHER_SPORT')
  })

  test('counts for the conference in which both teams play, and for no other', async () => {
    await freshTeams()
    const { make } = stats
    const guest = await make.team({ sportId: league.sportId })
    await make.seasonEntry({ seasonId: league.seasonId, teamId: guest })
    expect(await refusedGame({ awayTeamId: guest, conferenceId: league.conferenceId })).toMatchObject({
      code: 'STATS_NOT_IN_CONFERENCE',
      extensions: { teamId: guest, conferenceId: league.conferenceId },
    })
    await schedule({ awayTeamId: guest })
  })

  test('is on a day of the season, wherever in the world', async () => {
    await freshTeams()
    expect((await refusedGame({ startsAt: '2026-08-31T09:00:00Z' })).code).toBe('STATS_OUT_OF_SEASON')
    expect((await refusedGame({ startsAt: '2027-06-01T12:00:00Z' })).code).toBe('STATS_OUT_OF_SEASON')
    await schedule({ startsAt: '2027-06-01T11:59:59Z' })
  })
})

describe('STA-01: the time of a team', () => {
  test('is one game within two hours, as home or as visitor', async () => {
    await freshTeams()
    const { make } = stats
    const third = await make.team({ sportId: league.sportId })
    await make.seasonEntry({ seasonId: league.seasonId, teamId: third })
    const first = await schedule({ startsAt: hoursFromNow(100) })
    for (const [input, busy] of [
      [{ homeTeamId: third, awayTeamId: home }, home],
      [{ homeTeamId: away, awayTeamId: third }, away],
      [{ homeTeamId: home, awayTeamId: third }, home],
    ] as const) {
      for (const hours of [98.01, 100, 101.99]) {
        expect(await refusedGame({ ...input, startsAt: hoursFromNow(hours) })).toMatchObject({
          code: 'STATS_TEAM_BUSY',
          extensions: { teamId: busy, gameId: first.id, startsAt: first['startsAt'] },
        })
      }
    }
    await schedule({ awayTeamId: third, startsAt: hoursFromNow(98) })
    await schedule({ awayTeamId: third, startsAt: hoursFromNow(102) })
  })

  test('is free again when a game is put off, called off or given up, and taken when it is on again', async () => {
    await freshTeams()
    const first = await schedule({ startsAt: hoursFromNow(50) })
    const cancelled = await move(first, 'CANCELLED', 'Flood')
    const second = await schedule({ startsAt: hoursFromNow(51) })
    expect(
      await stats.refused('changeGameStatus', {
        id: first.id,
        expectedVersion: cancelled.version,
        status: 'SCHEDULED',
      }),
    ).toMatchObject({
      code: 'STATS_TEAM_BUSY',
      extensions: { gameId: second.id },
    })
    await move(second, 'FORFEITED', 'Flu')
    expect(await move(cancelled, 'SCHEDULED')).toMatchObject({ status: 'SCHEDULED', statusReason: null })
  })

  test('goes to one of many who ask for it at once', async () => {
    const { make } = stats
    const storm = await makeSeason(stats, 9)
    const [star, ...others] = storm.teamIds as [string, ...string[]]
    const answers = await Promise.all(
      others.map((other, index) => {
        const sides =
          index % 2 ? { homeTeamId: star, awayTeamId: other } : { homeTeamId: other, awayTeamId: star }
        return stats.admin.run(
          'mutation ($input: CreateGameInput!) { createGame(input: $input) { game { id } } }',
          {
            input: { seasonId: storm.seasonId, startsAt: hoursFromNow(200 + index / 10), ...sides },
          },
        )
      }),
    )
    const codes = answers.map(({ errors }) => errors[0]?.code ?? 'scheduled')
    expect(codes.filter((code) => code === 'scheduled')).toHaveLength(1)
    expect(codes.filter((code) => code === 'STATS_TEAM_BUSY')).toHaveLength(others.length - 1)
    await expect(
      make.game({ seasonId: storm.seasonId, homeTeamId: others[0]!, awayTeamId: others[1]! }),
    ).resolves.toBeDefined()
  })
})

describe('STA-01: changing a game', () => {
  test('keeps what is left out and clears what is null', async () => {
    await freshTeams()
    const { make } = stats
    const venueId = await make.venue()
    const game = await schedule({
      venueId,
      name: 'Derby',
      round: 'Round 1',
      conferenceId: league.conferenceId,
    })
    const same = await change(game, {})
    expect(same).toEqual(game)
    expect(await change(game, { venueId, name: 'Derby' })).toEqual(game)
    const cleared = await change(same, {
      venueId: null,
      name: null,
      round: null,
      conferenceId: null,
      ruleSetId: null,
    })
    expect(cleared).toEqual({ ...game, venue: null, name: null, round: null, conference: null, version: 2 })
  })

  test('follows the same rules as scheduling it', async () => {
    await freshTeams()
    const { make } = stats
    const game = await schedule({ conferenceId: league.conferenceId })
    const guest = await make.team({ sportId: league.sportId })
    const refused = async (input: object) =>
      (await stats.refused('updateGame', { id: game.id, expectedVersion: 1, ...input })).code
    expect(await refused({ awayTeamId: home })).toBe('BAD_USER_INPUT')
    expect(await refused({ awayTeamId: guest })).toBe('STATS_NOT_IN_SEASON')
    await make.seasonEntry({ seasonId: league.seasonId, teamId: guest })
    expect(await refused({ awayTeamId: guest })).toBe('STATS_NOT_IN_CONFERENCE')
    expect(await refused({ venueId: UNKNOWN })).toBe('STATS_UNKNOWN_REFERENCE')
    const changed = await change(game, { awayTeamId: guest, conferenceId: null })
    expect(changed).toMatchObject({ away: { id: guest }, conference: null })
    expect((await refusedGame({ startsAt: hoursFromNow(25) })).code).toBe('STATS_TEAM_BUSY')
  })

  test('leaves teams and rules alone once they are on court', async () => {
    await freshTeams()
    const { make } = stats
    const third = await make.team({ sportId: league.sportId })
    await make.seasonEntry({ seasonId: league.seasonId, teamId: third })
    const game = await move(await schedule(), 'WARMUP')
    const refused = async (input: object) =>
      (await stats.refused('updateGame', { id: game.id, expectedVersion: game.version, ...input })).code
    expect(await refused({ homeTeamId: third })).toBe('STATS_GAME_STARTED')
    expect(await refused({ ruleSetId: await make.ruleSet({ sportId: league.sportId }) })).toBe(
      'STATS_GAME_STARTED',
    )
    expect(await change(game, { name: 'Classic', homeTeamId: home })).toMatchObject({ name: 'Classic' })
  })

  test('of a team that has retired since is still possible', async () => {
    await freshTeams()
    const game = await schedule()
    await stats.mutate('updateTeam', { id: home, isActive: false }, 'team { id }')
    expect(await change(game, { name: 'Farewell' })).toMatchObject({ name: 'Farewell' })
  })

  test('gives it a new time, and puts it back on when it was postponed', async () => {
    await freshTeams()
    const game = await schedule({ startsAt: hoursFromNow(300) })
    const reschedule = (to: Game, startsAt: string, reason?: string) =>
      stats.mutate<{ game: Game }>(
        'rescheduleGame',
        { id: to.id, expectedVersion: to.version, startsAt, reason },
        GAME,
      )
    const { game: later } = await reschedule(game, hoursFromNow(301), 'Television')
    expect(later).toEqual({ ...game, startsAt: hoursFromNow(301), statusReason: 'Television', version: 2 })
    const postponed = await move(later, 'POSTPONED', 'Snow')
    const { game: again } = await reschedule(postponed, hoursFromNow(400))
    expect(again).toMatchObject({ status: 'SCHEDULED', statusReason: null, startsAt: hoursFromNow(400) })

    const other = await schedule({ startsAt: hoursFromNow(500) })
    const refused = async (startsAt: string) =>
      stats.refused('rescheduleGame', { id: again.id, expectedVersion: again.version, startsAt })
    expect(await refused(hoursFromNow(501))).toMatchObject({
      code: 'STATS_TEAM_BUSY',
      extensions: { gameId: other.id },
    })
    expect((await refused('2029-01-01T00:00:00Z')).code).toBe('STATS_OUT_OF_SEASON')
    const warm = await move(again, 'WARMUP')
    const late = { id: warm.id, expectedVersion: warm.version, startsAt: hoursFromNow(600) }
    expect((await stats.refused('rescheduleGame', late)).code).toBe('STATS_NOT_RESCHEDULABLE')
  })

  test('that somebody else changed meanwhile is refused, whatever the change', async () => {
    await freshTeams()
    const game = await schedule()
    await change(game, { name: 'First' })
    for (const [mutation, input] of [
      ['updateGame', { name: 'Second' }],
      ['rescheduleGame', { startsAt: hoursFromNow(30) }],
      ['changeGameStatus', { status: 'WARMUP' }],
      ['deleteGame', {}],
    ] as const) {
      expect(await stats.refused(mutation, { id: game.id, expectedVersion: 1, ...input })).toMatchObject({
        code: 'STATS_VERSION_CONFLICT',
        extensions: { expected: 1, actual: 2 },
      })
    }
  })

  test('by twenty at once who have seen the same version succeeds for exactly one', async () => {
    await freshTeams()
    const game = await schedule()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        stats.admin.run<object>(
          'mutation ($input: UpdateGameInput!) { updateGame(input: $input) { game { name } } }',
          {
            input: { id: game.id, expectedVersion: 1, name: `Name ${index}` },
          },
        ),
      ),
    )
    const codes = answers.map(({ errors }) => errors[0]?.code ?? 'won')
    expect(codes.filter((code) => code === 'won')).toHaveLength(1)
    expect(codes.filter((code) => code === 'STATS_VERSION_CONFLICT')).toHaveLength(19)
    const winner = answers.find(({ errors }) => errors.length === 0)
    expect(await stats.anybody.ok(`{ updateGame: game(id: "${game.id}") { name version } }`)).toEqual({
      updateGame: { ...(winner?.data as { updateGame: { game: object } }).updateGame.game, version: 2 },
    })
  })
})

describe('STA-01: the course of a game', () => {
  test('from warm-up to a corrected result', async () => {
    await freshTeams()
    let game = await schedule()
    const at = (minutes: number) => {
      stats.clock.advance(minutes * 60_000)
      return stats.clock.now().toISOString()
    }
    game = await move(game, 'WARMUP')
    const began = at(20)
    game = await move(game, 'LIVE')
    expect(game).toMatchObject({ status: 'LIVE', startedAt: began, endedAt: null })
    game = await move(game, 'SUSPENDED', 'Power failure')
    expect(game).toMatchObject({ status: 'SUSPENDED', statusReason: 'Power failure' })
    at(15)
    game = await move(game, 'LIVE')
    const ended = at(60)
    game = await move(game, 'UNOFFICIAL')
    expect(game).toMatchObject({ startedAt: began, endedAt: ended, statusReason: null })
    game = await move(game, 'OFFICIAL')
    game = await move(game, 'CORRECTED', 'An ace was credited to the wrong player')
    game = await move(game, 'CORRECTED', 'So was a dig')
    expect(game).toMatchObject({
      status: 'CORRECTED',
      statusReason: 'So was a dig',
      endedAt: ended,
      version: 9,
    })
  })

  test('takes no step that the rules do not know, and says which they do', async () => {
    await freshTeams()
    const game = await schedule()
    expect(
      await stats.refused('changeGameStatus', { id: game.id, expectedVersion: 1, status: 'OFFICIAL' }),
    ).toMatchObject({
      code: 'STATS_ILLEGAL_TRANSITION',
      extensions: {
        from: 'SCHEDULED',
        to: 'OFFICIAL',
        allowed: ['WARMUP', 'POSTPONED', 'CANCELLED', 'FORFEITED'],
      },
    })
    expect(await stats.anybody.ok(`{ game(id: "${game.id}") { nextStatuses } }`)).toEqual({
      game: { nextStatuses: ['WARMUP', 'POSTPONED', 'CANCELLED', 'FORFEITED'] },
    })
  })

  test('is explained where people will ask', async () => {
    await freshTeams()
    const game = await schedule()
    for (const status of ['POSTPONED', 'CANCELLED', 'FORFEITED']) {
      expect(
        await stats.refused('changeGameStatus', { id: game.id, expectedVersion: 1, status }),
      ).toMatchObject({
        code: 'BAD_USER_INPUT',
        extensions: { faults: [{ path: ['reason'] }] },
      })
    }
  })

  test('can be followed in the audit log, step by step with its reason', async () => {
    await freshTeams()
    const game = await move(await schedule(), 'POSTPONED', 'Snow')
    const { statsAuditLog } = await stats.admin.ok<{ statsAuditLog: { edges: { node: object }[] } }>(
      'query ($filter: AuditFilter) { statsAuditLog(filter: $filter, first: 1) { edges { node { action before after } } } }',
      { filter: { entityType: 'Game', entityId: game.id } },
    )
    expect(statsAuditLog.edges[0]?.node).toEqual({
      action: 'games.change-status',
      before: { status: 'SCHEDULED', statusReason: null, version: 1 },
      after: { status: 'POSTPONED', statusReason: 'Snow', version: 2 },
    })
  })
})

describe('GW-17: deleting a game', () => {
  test('is for one that was never played, while it is scheduled or cancelled', async () => {
    await freshTeams()
    const remove = ({ id, version }: Game) => ({ id, expectedVersion: version })
    const scheduled = await schedule()
    await stats.mutate('deleteGame', remove(scheduled), 'deletedId')
    expect(await stats.anybody.ok(`{ game(id: "${scheduled.id}") { id } }`)).toEqual({ game: null })

    const cancelled = await move(await schedule(), 'CANCELLED', 'Flood')
    await stats.mutate('deleteGame', remove(cancelled), 'deletedId')

    const warm = await move(await schedule(), 'WARMUP')
    expect((await stats.refused('deleteGame', remove(warm))).code).toBe('STATS_GAME_PLAYED')
    const live = await move(warm, 'LIVE')
    const brokenOff = await move(await move(live, 'SUSPENDED', 'Storm'), 'CANCELLED', 'Storm')
    expect(await stats.refused('deleteGame', remove(brokenOff))).toMatchObject({
      code: 'STATS_GAME_PLAYED',
      extensions: { status: 'CANCELLED' },
    })
    const unknown = { id: UNKNOWN, expectedVersion: 1 }
    for (const mutation of ['deleteGame', 'updateGame']) {
      expect((await stats.refused(mutation, unknown)).code).toBe('STATS_NOT_FOUND')
    }
  })
})
