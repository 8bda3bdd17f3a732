import { expect, test } from '@jest/globals'
import { letHappen } from './happening.ts'

test('events have the moment at which they were due, also when their source is late', async () => {
  const heads = new Map<string, number>()
  const happened = await letHappen({ gameIds: ['a', 'b'], times: 3, everyMs: 5, together: 2 }, (gameId) => {
    // As a source that stalls.
    const until = performance.now() + 10
    while (performance.now() < until);
    const seq = (heads.get(gameId) ?? 0) + 1
    heads.set(gameId, seq)
    return seq
  })
  expect(happened.map(([gameId, seq]) => `${gameId}${seq}`)).toEqual(['a1', 'a2', 'b1', 'b2', 'a3', 'a4'])
  const [first = 0] = happened.map(([, , due]) => due)
  expect(happened.map(([, , due]) => Math.round(due - first))).toEqual([0, 0, 5, 5, 10, 10])
})
