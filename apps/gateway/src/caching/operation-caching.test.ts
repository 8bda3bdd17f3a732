import { describe, expect, test } from '@jest/globals'
import { caching } from './fixtures/shared-reads-fixture.ts'

describe('the caching of an operation', () => {
  test('is for everybody when all its hints are', () => {
    const { policy, isForEverybody, tags } = caching('{ game(id: 1) { id } }')
    expect(policy).toEqual({ maxAgeSeconds: 2, scope: 'PUBLIC' })
    expect(isForEverybody).toBe(true)
    expect(tags?.of({ game: { id: 'g1' } }, 10)).toEqual(['Game', 'Game:g1'])
  })

  test('is for one caller when it requires access, whatever its hints say', () => {
    const { policy, isForEverybody, tags } = caching('{ game(id: 1) { id } }', true)
    expect(policy).toEqual({ maxAgeSeconds: 2, scope: 'PRIVATE' })
    expect([isForEverybody, tags]).toEqual([false, null])
  })

  test('is for one caller when a hint says so', () => {
    const { policy, isForEverybody, tags } = caching('{ secret { id } game(id: 1) { id } }')
    expect(policy).toEqual({ maxAgeSeconds: 2, scope: 'PRIVATE' })
    expect([isForEverybody, tags]).toEqual([false, null])
  })

  test('is none for a mutation, which only makes answers untrue', () => {
    const { policy, isForEverybody, tags, invalidates } = caching('mutation { changeGame { game { id } } }')
    expect([policy, isForEverybody, tags]).toEqual([null, false, null])
    expect(invalidates).toEqual(['Game'])
  })

  test('of a subscription tells whether all may be sent the same, and keeps nothing', () => {
    const moved = caching('subscription { gameMoved { id home { name } } }')
    expect([moved.isForEverybody, moved.policy, moved.tags, moved.invalidates]).toEqual([
      true,
      null,
      null,
      [],
    ])
  })

  test.each([
    ['a root field without a hint', 'subscription { myGameMoved { id } }', false],
    ['a root field that may not be kept at all', 'subscription { clockTicked { id } }', false],
    ['a part without a hint', 'subscription { gameMoved { home { followers } } }', false],
    ['a private part', 'subscription { secretMoved { id } }', false],
    ['a part that requires access', 'subscription { gameMoved { id } }', true],
  ])('of a subscription with %s is for one caller', (_, text, guarded) => {
    expect(caching(text, guarded).isForEverybody).toBe(false)
  })

  test('weighs more with each variable, whose name it keeps', () => {
    const names = Array.from({ length: 10 }, (_, n) => `$variable${n}: ID`)
    const weightOf = (variables: string) => caching(`query (${variables}) { game(id: 1) { id } }`).weight
    expect(weightOf(names.join()) - weightOf('$variable0: ID')).toBeGreaterThan(9 * 200)
  })
})
