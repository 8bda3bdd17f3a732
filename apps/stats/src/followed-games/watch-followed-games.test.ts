import { expect, test } from '@jest/globals'
import type { StreamListener } from '@courtside/events'
import { systemClock } from '@courtside/kernel'
import { watchFollowedGames } from './watch-followed-games.ts'

test('a follow that is told of just as a look ends is looked for as well', async () => {
  const listeners: StreamListener[] = []
  const looks: (() => void)[] = []
  const second = new Promise<void>((resolve) => looks.push(() => undefined, resolve))
  // A look asks twice; nobody is followed, and nothing is played.
  let asked = 0
  const read = async <T>() => {
    asked += 1
    if (asked % 2 === 1) looks.shift()?.()
    return { teamIds: [], games: [], heads: new Map() } as T
  }
  const tell = () => listeners[0]?.({ kind: 'facts', facts: [] })
  let isFirst = true
  const changes = await watchFollowedGames('0190', {
    database: { read },
    hub: {
      subscribe(_stream, _from, listener) {
        listeners.push(listener)
        return { phase: 'live', position: null, resume() {}, unsubscribe() {} }
      },
    },
    clock: systemClock,
    async inTurn(work) {
      const result = await work()
      // After whoever waits for this look has gone on, and before anybody else has.
      if (isFirst) queueMicrotask(() => queueMicrotask(tell))
      isFirst = false
      return result
    },
  })
  await second
  await changes.return?.()
  expect(asked).toBeGreaterThan(2)
})
