import type { Fact } from '@courtside/events'
import { describe, expect, test } from '@jest/globals'
import { kindOfChange, readGameChange, toStoredChange } from './game-change.ts'
import type { Game } from './game.ts'

const noon = new Date('2026-11-20T12:00:00.000Z')
const game: Game = {
  id: '00000000-0000-0000-0000-000000000001',
  sportId: '00000000-0000-0000-0000-000000000002',
  seasonId: '00000000-0000-0000-0000-000000000003',
  conferenceId: null,
  homeTeamId: '00000000-0000-0000-0000-000000000004',
  awayTeamId: '00000000-0000-0000-0000-000000000005',
  venueId: null,
  ruleSetId: null,
  name: null,
  round: null,
  isNeutralSite: false,
  startsAt: noon,
  status: 'SCHEDULED',
  statusReason: null,
  statusChangedAt: noon,
  startedAt: null,
  endedAt: null,
  version: 1,
  createdAt: noon,
  updatedAt: noon,
}
const factWith = (payload: unknown): Fact => ({
  stream: `game:${game.id}`,
  epoch: 1,
  seq: 1,
  type: 'game-changed',
  payload: JSON.parse(JSON.stringify(payload)) as Fact['payload'],
  occurredAt: noon,
  recordedAt: noon,
  mediaTimeMs: null,
})

describe('what a change of a game tells of', () => {
  test.each([
    ['SCHEDULE', { startsAt: new Date(noon.getTime() + 1) }],
    ['SCHEDULE', { startsAt: new Date(noon.getTime() + 3_600_000), status: 'POSTPONED' }],
    ['STATUS', { status: 'LIVE', statusChangedAt: new Date(noon.getTime() + 1) }],
    ['STATUS', { statusReason: 'Snow', venueId: game.id }],
    ['VENUE', { venueId: game.id, homeTeamId: game.id }],
    ['TEAMS', { awayTeamId: game.id, name: 'Final' }],
    ['DETAILS', { name: 'Final' }],
  ] as const)('is %s when it differs in %j', (kind, change) => {
    expect(kindOfChange(game, { ...game, ...change })).toBe(kind)
  })

  test('is the game itself when there was none before, or is none after', () => {
    expect(kindOfChange(null, game)).toBe('CREATED')
    expect(kindOfChange(game, null)).toBe('REMOVED')
  })
})

describe('a stored change', () => {
  test('is read as it was written, whatever its ids look like', () => {
    expect(readGameChange(factWith(toStoredChange('CREATED', game)))).toMatchObject({ kind: 'CREATED', game })
  })

  test('of a version that is not known yet is no change of a game', () => {
    expect(() => readGameChange(factWith({ ...toStoredChange('CREATED', game), v: 2 }))).toThrow(
      'cannot be read as the change of a game',
    )
  })
})
