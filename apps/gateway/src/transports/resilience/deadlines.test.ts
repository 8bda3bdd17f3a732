import { expect, test } from '@jest/globals'
import { createDeadlines } from './deadlines.ts'

test('what is too late is told once, and what ended in time is not', async () => {
  const time = { now: 0 }
  const deadlines = createDeadlines(() => time.now, 1)
  const told: string[] = []
  const late = Promise.withResolvers<unknown>()
  const item = (name: string, expiresAt: number, then: () => void = () => undefined) => ({
    expiresAt,
    expire() {
      told.push(name)
      then()
    },
  })
  const ended = item('ended in time', 100)
  deadlines.watch(item('first', 100))
  deadlines.watch(ended)
  deadlines.watch(item('second', 200, () => late.resolve(null)))
  deadlines.watch(item('far', 300))
  deadlines.forget(ended)
  time.now = 250
  // Nothing else keeps this test alive: the clock itself must not.
  const alive = setInterval(() => undefined, 1_000)
  await late.promise
  clearInterval(alive)
  expect(told).toEqual(['first', 'second'])
})
