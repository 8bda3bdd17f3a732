import { describe, expect, test } from '@jest/globals'
import type { FollowedGameChange } from './followed-game.ts'
import { createNewestGames } from './newest-games.ts'

const change = (id: string, version: number) =>
  ({ kind: 'DETAILS', occurredAt: new Date(0), version, game: { id, version } }) as FollowedGameChange

const drain = (games: ReturnType<typeof createNewestGames>) => {
  const told: string[] = []
  for (let next = games.take(); next; next = games.take()) told.push(`${next.game.id}${next.version}`)
  return told
}

describe('what waits for a follower', () => {
  test('is the newest of each game, in the order in which the games came', () => {
    const games = createNewestGames()
    for (const [id, version] of [
      ['a', 1],
      ['b', 1],
      ['a', 3],
      ['a', 2],
    ] as const)
      games.put(change(id, version))
    expect(drain(games)).toEqual(['a3', 'b1'])
  })

  test('is nothing that is not newer than what was told', () => {
    const games = createNewestGames()
    games.put(change('a', 3))
    expect(drain(games)).toEqual(['a3'])
    games.put(change('a', 3))
    games.put(change('a', 2))
    expect(drain(games)).toEqual([])
    games.put(change('a', 4))
    expect(drain(games)).toEqual(['a4'])
  })

  test('leaves out games that are no longer wanted', () => {
    const games = createNewestGames()
    games.put(change('a', 1))
    games.put(change('b', 1))
    games.keep(({ game }) => game.id === 'b')
    expect(drain(games)).toEqual(['b1'])
  })

  test('is everything anew once what was told may be wrong', () => {
    const games = createNewestGames()
    games.put(change('a', 3))
    drain(games)
    games.forget()
    games.put(change('a', 2))
    expect(drain(games)).toEqual(['a2'])
  })
})
