import { describe, expect, test } from '@jest/globals'
import { GAME_STATUSES } from './game-status.policy.ts'
import { canChangeSides, canDelete, canReschedule, occupiesTeams, windowOf } from './games.policy.ts'

describe('what may be done with a game', () => {
  test('it takes the time of its teams unless it is put off, called off or given up', () => {
    expect(GAME_STATUSES.filter((status) => !occupiesTeams(status))).toEqual([
      'POSTPONED',
      'CANCELLED',
      'FORFEITED',
    ])
  })

  test('no other game of a team begins within two hours, but one may begin after exactly two', () => {
    const { after, before } = windowOf(new Date('2026-11-20T19:00:00Z'))
    expect(after).toEqual(new Date('2026-11-20T17:00:00Z'))
    expect(before).toEqual(new Date('2026-11-20T21:00:00Z'))
  })

  test('a new time is for what is scheduled or postponed', () => {
    expect(GAME_STATUSES.filter(canReschedule)).toEqual(['SCHEDULED', 'POSTPONED'])
  })

  test('teams and rules change before anybody is on court only', () => {
    expect(GAME_STATUSES.filter(canChangeSides)).toEqual(['SCHEDULED', 'POSTPONED'])
  })

  test('only what was never played can be deleted', () => {
    const may = (startedAt: Date | null) => GAME_STATUSES.filter((status) => canDelete({ status, startedAt }))
    expect(may(null)).toEqual(['SCHEDULED', 'CANCELLED'])
    expect(may(new Date())).toEqual([])
  })
})
