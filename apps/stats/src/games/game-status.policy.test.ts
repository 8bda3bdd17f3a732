import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  canBecome,
  GAME_STATUSES,
  type GameStatus,
  needsReason,
  nextStatuses,
  timesAfter,
} from './game-status.policy.ts'

const anyStatus = fc.constantFrom(...GAME_STATUSES)
const BEFORE_PLAY: readonly GameStatus[] = ['SCHEDULED', 'WARMUP', 'POSTPONED']
const AFTER_PLAY: readonly GameStatus[] = ['UNOFFICIAL', 'OFFICIAL', 'CORRECTED']

const NEW = {
  status: 'SCHEDULED' as GameStatus,
  startedAt: null as Date | null,
  endedAt: null as Date | null,
}
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 19, minute))

/** The stages of a game that takes these statuses one after another, one a minute. */
const follow = (...statuses: GameStatus[]) =>
  statuses.reduce(
    (stages, status, minute) => [
      ...stages,
      { status, ...timesAfter(stages.at(-1) ?? NEW, status, at(minute)) },
    ],
    [NEW],
  )

/** Every way that a game can go. */
const anyCourse = fc.array(fc.nat(), { minLength: 1, maxLength: 30 }).map((choices) =>
  choices.reduce(
    (stages, choice, minute) => {
      const last = stages.at(-1) ?? NEW
      const next = nextStatuses(last)
      const status = next[choice % next.length]
      return status === undefined ? stages : [...stages, { status, ...timesAfter(last, status, at(minute)) }]
    },
    [NEW],
  ),
)

const statusesOf = (course: readonly { status: GameStatus }[]) => course.map(({ status }) => status)

describe('the statuses of a game', () => {
  test('lead on from SCHEDULED to every other', () => {
    const reached = new Set<GameStatus>(['SCHEDULED'])
    for (const status of reached)
      for (const next of nextStatuses({ status, startedAt: null })) reached.add(next)
    expect([...reached].toSorted()).toEqual(GAME_STATUSES.toSorted())
  })

  test.each<[GameStatus, readonly GameStatus[]]>([
    ['SCHEDULED', ['WARMUP', 'POSTPONED', 'CANCELLED', 'FORFEITED']],
    ['WARMUP', ['LIVE', 'SCHEDULED', 'POSTPONED', 'CANCELLED', 'FORFEITED']],
    ['LIVE', ['SUSPENDED', 'FORFEITED', 'UNOFFICIAL']],
    ['SUSPENDED', ['LIVE', 'FORFEITED', 'CANCELLED']],
    ['POSTPONED', ['SCHEDULED', 'CANCELLED']],
    ['CANCELLED', ['SCHEDULED']],
    ['FORFEITED', []],
    ['UNOFFICIAL', ['LIVE', 'OFFICIAL']],
    ['OFFICIAL', ['CORRECTED']],
    ['CORRECTED', ['CORRECTED']],
  ])('%s leads to %j and nowhere else', (from, to) => {
    expect(
      GAME_STATUSES.filter((status) => canBecome({ status: from, startedAt: null }, status)).toSorted(),
    ).toEqual(to.toSorted())
  })

  test('each step of every course is allowed, and each step that is not on offer is refused', () => {
    fc.assert(
      fc.property(anyCourse, anyStatus, (course, other) => {
        for (const [index, { status }] of course.slice(1).entries()) {
          expect(canBecome(course[index] ?? NEW, status)).toBe(true)
        }
        const last = course.at(-1) ?? NEW
        expect(canBecome(last, other)).toBe(nextStatuses(last).includes(other))
      }),
    )
  })

  test('no result without play, and an official result never goes away', () => {
    fc.assert(
      fc.property(anyCourse.map(statusesOf), (course) => {
        const firstResult = course.findIndex((status) => AFTER_PLAY.includes(status))
        if (firstResult !== -1) expect(course.slice(0, firstResult)).toContain('LIVE')
        const official = course.indexOf('OFFICIAL')
        if (official !== -1) {
          expect(
            course.slice(official).every((status) => status === 'OFFICIAL' || status === 'CORRECTED'),
          ).toBe(true)
        }
      }),
    )
  })

  test('what is live is put off no more', () => {
    fc.assert(
      fc.property(anyCourse.map(statusesOf), (course) => {
        for (const [index, status] of course.slice(1).entries()) {
          if (status === 'POSTPONED') expect(BEFORE_PLAY).toContain(course[index])
        }
      }),
    )
  })

  test('a game that was called off can be played after all, but not one that was broken off', () => {
    expect(nextStatuses({ status: 'CANCELLED', startedAt: null })).toEqual(['SCHEDULED'])
    expect(nextStatuses({ status: 'CANCELLED', startedAt: at(0) })).toEqual([])
  })

  test('people are told why a game is put off, called off, interrupted, given up or corrected', () => {
    expect(GAME_STATUSES.filter(needsReason)).toEqual([
      'SUSPENDED',
      'POSTPONED',
      'CANCELLED',
      'FORFEITED',
      'CORRECTED',
    ])
  })
})

describe('the times of play', () => {
  const timesOf = (...statuses: GameStatus[]) => {
    const { startedAt, endedAt } = follow(...statuses).at(-1) ?? NEW
    return [startedAt, endedAt]
  }

  test('begin when a game goes live and end when it is over', () => {
    expect(timesOf('WARMUP')).toEqual([null, null])
    expect(timesOf('WARMUP', 'LIVE')).toEqual([at(1), null])
    expect(timesOf('WARMUP', 'LIVE', 'UNOFFICIAL', 'OFFICIAL', 'CORRECTED')).toEqual([at(1), at(2)])
  })

  test('an interruption changes neither, and an end called too early is taken back', () => {
    expect(timesOf('WARMUP', 'LIVE', 'SUSPENDED', 'LIVE')).toEqual([at(1), null])
    expect(timesOf('WARMUP', 'LIVE', 'UNOFFICIAL', 'LIVE')).toEqual([at(1), null])
  })

  test('a game given up or broken off ends if it had begun', () => {
    expect(timesOf('FORFEITED')).toEqual([null, null])
    expect(timesOf('WARMUP', 'LIVE', 'FORFEITED')).toEqual([at(1), at(2)])
    expect(timesOf('WARMUP', 'LIVE', 'SUSPENDED', 'CANCELLED')).toEqual([at(1), at(3)])
  })

  test('never end before they begin, and what is scheduled has none', () => {
    fc.assert(
      fc.property(anyCourse, (course) => {
        for (const { status, startedAt, endedAt } of course) {
          if (endedAt !== null)
            expect(endedAt.getTime()).toBeGreaterThanOrEqual(startedAt?.getTime() ?? Infinity)
          if (status === 'SCHEDULED') expect(startedAt).toBeNull()
        }
      }),
    )
  })
})
