import { expect, test } from '@jest/globals'
import { createDeadlines } from './deadlines.ts'

test('what is too late is told once, and what ended in time is not', async () => {
  const time = { now: 0 }
  const deadlines = createDeadlines(() => time.now, 1)
  const told: string[] = []
  const watch = (name: string, expiresAt: number) => {
    const late = Promise.withResolvers<unknown>()
    const item = {
      expiresAt,
      watchedAt: -1,
      expire() {
        told.push(name)
        late.resolve(null)
      },
    }
    deadlines.watch(item)
    return { item, late: late.promise }
  }
  // Nothing else keeps this test alive: the clock itself must not.
  const alive = setInterval(() => undefined, 1_000)

  const first = watch('first', 100)
  const ended = watch('ended in time', 100)
  const second = watch('second', 200)
  watch('far', 300)
  deadlines.forget(ended.item)
  time.now = 100
  await first.late
  expect(told).toEqual(['first'])
  time.now = 250
  await second.late
  expect(told).toEqual(['first', 'second'])

  clearInterval(alive)
})

test('what ends while others are told is not told, and forgetting twice takes nobody else away', async () => {
  const time = { now: 0 }
  const deadlines = createDeadlines(() => time.now, 1)
  const told: number[] = []
  const all = Promise.withResolvers<unknown>()
  const items = [0, 1, 2, 3].map((index) => ({
    expiresAt: 100,
    watchedAt: -1,
    expire() {
      told.push(index)
      const other = items[2]
      if (index === 0 && other) deadlines.forget(other)
      if (told.length === 3) all.resolve(null)
    },
  }))
  for (const item of items) deadlines.watch(item)
  const gone = { expiresAt: 100, watchedAt: -1, expire: () => told.push(-1) }
  deadlines.watch(gone)
  deadlines.forget(gone)
  deadlines.forget(gone)
  const alive = setInterval(() => undefined, 1_000)
  time.now = 100
  await all.promise
  clearInterval(alive)
  expect(told.toSorted()).toEqual([0, 1, 3])
})

test('what is late because this process was busy is told so, and after what was there to be read', async () => {
  const time = { now: 0 }
  let read = () => {}
  const deadlines = createDeadlines(
    () => time.now,
    1,
    () => {
      // As a socket that became readable meanwhile: its turn comes after the timers.
      if (time.now > 0) setImmediate(read)
      return time.now
    },
  )
  const told: string[] = []
  const all = Promise.withResolvers<unknown>()
  const watch = (name: string) => {
    const item = {
      expiresAt: 100,
      watchedAt: -1,
      expire(lagged: boolean) {
        told.push(`${name} ${lagged}`)
        all.resolve(null)
      },
    }
    deadlines.watch(item)
    return item
  }
  const answered = watch('answered')
  watch('late')
  read = () => deadlines.forget(answered)
  // More than a second without a look at the clock.
  time.now = 1_100
  const alive = setInterval(() => undefined, 1_000)
  await all.promise
  clearInterval(alive)
  expect(told).toEqual(['late true'])
})
